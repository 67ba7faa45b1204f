import { expect, test } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { readReport } from "../support/reports.js";

test("a last packet that is short is stored and forwarded as such: the bound is what an idle network takes", async () => {
  const result = await simulate(readReport("ideal-not-above-actual"));
  expect(result.jctNs).toBe(2462.24);
  expect(result.flows![0]!.ackedNs).toBe(4471.84);
  expect(result.idealJctNs!).toBeLessThanOrEqual(result.jctNs!);
});
