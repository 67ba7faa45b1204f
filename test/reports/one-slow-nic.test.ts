import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { simulate } from "../../src/api/simulate.js";

const FILE = new URL("../data/reports/one-slow-nic.yaml", import.meta.url);

test("one NIC at half rate halves the ring, and the explanation names its link", async () => {
  const slow = parse(readFileSync(FILE, "utf8"));
  const result = await simulate(slow);
  const healthy = await simulate({ ...slow, faults: [] });
  expect(result.busbwGBps).toBeCloseTo(192, 0);
  expect(healthy.busbwGBps).toBeCloseTo(384, 0);
  const fault = result.explanation.find(({ cause }) => cause === "faults")!;
  expect(fault.where).toMatch(/^(gpu-9 -> leaf-1|leaf-1 -> gpu-9)$/);
  expect(fault.text).toMatch(/runs at 200 Gb\/s instead of 400 Gb\/s/);
  // What the fault costs is what the run takes more than without it.
  expect(fault.ns / (result.jctNs! - healthy.jctNs!)).toBeCloseTo(1, 1);
  const schedule = ({ explanation }: typeof result) => explanation.find(({ cause }) => cause === "schedule")!.ns;
  expect(schedule(result)).toBeCloseTo(schedule(healthy), 3);
  expect(healthy.explanation.map(({ cause }) => cause)).not.toContain("faults");
});
