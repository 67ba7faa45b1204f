import { expect, test } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { readReport } from "../support/reports.js";

test("a watchdog costs only the flow that meets the storm", async () => {
  const result = await simulate(readReport("storm-and-restore"));
  expect(result.packets.dropped.watchdog).toBe(37);
  const [, untouched, ...later] = result.flows!.map(({ fctNs }) => fctNs! / 1000);
  expect(untouched).toBeCloseTo(88.13, 2);
  for (const fctUs of later) expect(fctUs).toBeCloseTo(23.96, 2);
});
