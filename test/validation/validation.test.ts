import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { HTSIM, lacks } from "./htsim/case.js";
import { type Comparison, compare, report } from "./report.js";

const PAGE = new URL("../../docs/VALIDATION.md", import.meta.url);

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
    expect([...reasons].toSorted()).toEqual(["eqds", "mixed", "sends chained at the sender"]);
  });

  it("stands in docs/VALIDATION.md as it came out (npm run validate writes it)", async () => {
    const page = await report(comparisons);
    if (process.env.HEDDLE_WRITE_VALIDATION !== undefined) writeFileSync(PAGE, page);
    expect(existsSync(PAGE)).toBe(true);
    expect(readFileSync(PAGE, "utf8")).toBe(page);
  });
});
