import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { formatResult } from "../../src/answer/result/text.js";
import { simulate } from "../../src/api/simulate.js";

const FILE = new URL("../data/reports/late-start.yaml", import.meta.url);
const late = parse(readFileSync(FILE, "utf8"));
const flows = late.workload.flows as { start: string }[];
const early = {
  ...late,
  workload: { kind: "flows", flows: flows.map((flow) => ({ ...flow, start: "0s" })) },
};

test("times count from the first start: flows that start at 2 s take what they take at 0", async () => {
  const result = await simulate(late);
  const before = await simulate(early);
  expect(result.startNs).toBe(2e9);
  expect(result.jctNs! / 1000).toBeCloseTo(459, 0);
  expect(result.efficiency).toBeCloseTo(0.36, 2);
  expect(result.links.hottest[0]).toMatchObject({ from: "s", to: "c" });
  // Two data streams of 245 packets, and to the last acknowledgement 2 us more than the JCT.
  const busyNs = (2_000_000 + 490 * 82) / 12.5;
  expect(result.links.hottest[0]!.utilisation).toBeCloseTo(busyNs / result.links.observedNs, 9);
  expect(result.links.observedNs / result.jctNs!).toBeCloseTo(1, 2);
  for (const name of ["jctNs", "idealJctNs", "efficiency", "explanation", "links"] as const) {
    expect(result[name], name).toEqual(before[name]);
  }
});

test("durations count from the flow's start, instants on the clock of the simulation", async () => {
  const { flows: listed, engine } = await simulate(late);
  for (const { startNs, finishNs, fctNs, ackedNs } of listed!) {
    expect(startNs).toBe(2e9);
    expect(finishNs).toBe(startNs + fctNs!);
    expect(ackedNs!).toBeGreaterThan(fctNs!);
    expect(ackedNs!).toBeLessThan(1e6);
    expect(engine.simulatedNs).toBeGreaterThanOrEqual(startNs + ackedNs!);
  }
});

test("the text says how long the links were observed", async () => {
  const text = formatResult(await simulate(late), { color: false });
  expect(text).toMatch(/JCT +459\.18 us\n.*efficiency 36\.1 %\n(.*\n)*.*max 35\.\d % of 461 us/);
});
