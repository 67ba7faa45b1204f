import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { HTSIM, lacks } from "./htsim/case.js";
import { chainTimes } from "./htsim/chain.js";
import { HEADING } from "./nccl/report.js";
import { compareMeasured, MEASURED, type MeasuredComparison, meanOf, runsOf } from "./ns3/measured.js";
import { type Comparison, compare, report } from "./report.js";

const PAGE = new URL("../../docs/VALIDATION.md", import.meta.url);

const measured: MeasuredComparison[] = [];

describe("the simulators for ns-3", () => {
  const runs = new Map(MEASURED.map((one) => [`${one.case} ${one.run}`, one]));

  it.each([...runs])("%s agrees with what they measure", async (_, { case: name, run }) => {
    const comparisons = await compareMeasured(name, run);
    measured.push(...comparisons);
    expect(comparisons.flatMap(({ measured: { what }, off }) => off.map((peer) => `${what}: ${peer}`))).toEqual([]);
  });

  it("scatter alike under DCQCN", () => {
    const stochastic = measured.filter(({ measured: { run, what } }) => run === "dcqcn" && what !== "pauses");
    expect(stochastic).toHaveLength(4);
    for (const { measured: one, ours } of stochastic) {
      for (const peer of [one.hpcc, one.simai] as (readonly [number, number])[]) {
        // Of 20 seeds against 20, with probability 0.999.
        expect(ours[1] / peer[1]).toBeGreaterThan(1 / 2.2);
        expect(ours[1] / peer[1]).toBeLessThan(2.2);
      }
    }
  });

  it("pay a round trip for a loss under go-back-N", async () => {
    const plain = MEASURED.find((one) => one.case === "line-100g-10MB" && one.run === "plain")!;
    const loss = MEASURED.find((one) => one.run === "loss")!;
    const [alone] = await runsOf(loss.case, "plain");
    const costs = (await runsOf(loss.case, "loss")).map(({ last }) => last - alone!.last);
    // Each loses another number of packets, and each loss costs the same.
    const perLoss = Math.min(...costs);
    for (const cost of costs) expect(cost / perLoss).toBeCloseTo(Math.round(cost / perLoss), 9);
    // Two in either simulator: the links of theirs that draw alike lose the same packets.
    for (const peer of ["hpcc", "simai"] as const) {
      const cost = (meanOf(loss[peer]!) - meanOf(plain[peer]!)) / 2;
      expect(Math.abs(perLoss / cost - 1)).toBeLessThan(0.005);
    }
  });
});

describe("htsim", () => {
  const comparisons: Comparison[] = [];
  const runnable = HTSIM.cases.filter((one) => lacks(one) === undefined);

  it.each(runnable.map((one) => [one.name, one] as const))("%s agrees within its tolerance", async (_, one) => {
    const comparison = await compare(one);
    comparisons.push(comparison);
    expect(comparison.off).toEqual([]);
  });

  it("single flows take what the closed form says, to a nanosecond", () => {
    const singles = comparisons.filter(({ one }) => one.flows?.length === 1);
    expect(singles.length).toBeGreaterThan(20);
    for (const { one, ours } of singles) expect(Math.abs(ours.max - one.closedFormUs!)).toBeLessThan(0.001);
  });

  it("lacks what is listed here, and nothing else", () => {
    const reasons = new Set(HTSIM.cases.flatMap((one) => lacks(one) ?? []));
    expect([...reasons]).toEqual(["sends chained at the sender"]);
  });

  it.each(HTSIM.cases.filter((one) => lacks(one) !== undefined).map((one) => [one.name, one] as const))(
    "%s adds up to what it takes, to 1 %%",
    async (_, one) => {
      const ours = await chainTimes(one);
      for (const figure of ["min", "mean", "max"] as const) {
        expect(Math.abs(ours[figure] / one.resultUs[0]![figure] - 1)).toBeLessThan(0.01);
      }
    },
  );

  it("stands in docs/VALIDATION.md as it came out (npm run validate writes it)", async () => {
    const page = await report(comparisons, measured);
    expect(existsSync(PAGE)).toBe(true);
    // The last section has a test of its own, which writes it.
    const written = readFileSync(PAGE, "utf8");
    const end = written.includes(HEADING) ? written.indexOf(HEADING) : written.length;
    if (process.env.HEDDLE_WRITE_VALIDATION !== undefined) {
      writeFileSync(PAGE, `${page}\n${written.slice(end)}`);
      return;
    }
    expect(written.slice(0, end).trimEnd()).toBe(page.trimEnd());
  });
});
