import { expect, test } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { readReport } from "../support/reports.js";

const scenario = readReport("error-rate");

test("one link that loses 1 packet in 1000 makes a ring 2.6 % longer", async () => {
  const { faults: _, ...whole } = scenario;
  const without = await simulate(whole);
  const result = await simulate(scenario);
  expect(without.jctNs! / 1000).toBeCloseTo(677.9, 1);
  expect(result.jctNs! / 1000).toBeCloseTo(695.6, 1);
  expect(result.jctNs! / without.jctNs!).toBeCloseTo(1.026, 3);
});

test("a link that loses every second packet lets go-back-N fail", async () => {
  const faults = [{ ...scenario.faults[0], frameLossRatio: 0.5 }];
  const result = await simulate({ ...scenario, faults });
  expect(result.status).toBe("qp-failed");
  expect(result.diagnosis!.text).toContain("transmission errors");
});
