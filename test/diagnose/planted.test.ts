import { describe, expect, it } from "vitest";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { diagnose } from "../../src/study/diagnose/diagnose.js";
import { type Telemetry, telemetryOf } from "../../src/study/diagnose/telemetry.js";
import { FAULT_KINDS, type Planted, plant, WORKLOADS } from "./plant.js";

/** Cases; 24 or so in the suite, 240 to hold the shares. */
const CASES = Number(process.env.HEDDLE_RUNS ?? 24);
/** Less than this is nothing to explain. */
const SLOWER = 1.001;

const healthy = new Map<string, Promise<Telemetry | undefined>>();

async function run(document: object): Promise<Telemetry> {
  return (await telemetryOf(parseScenario(document).scenario))!;
}

async function verdictOn(planted: Planted) {
  const { fault, base, key } = planted;
  if (!healthy.has(key)) healthy.set(key, run(base));
  const before = (await healthy.get(key))!;
  const now = await run({ ...base, faults: [fault] });
  return { ...diagnose(now, before), harms: now.jctNs > before.jctNs * SLOWER || !now.finished };
}

describe("faults planted at random places", () => {
  it("are first among the suspects in 90 % of cases, and always in the group to evict", {
    timeout: 3_600_000,
  }, async () => {
    let cases = 0;
    let first = 0;
    const missed: string[] = [];
    const outside: string[] = [];
    const kinds = new Set<string>();
    for (let seed = 0; cases < CASES && seed < 20 * CASES; seed++) {
      const planted = plant(seed);
      const { suspects, evict, harms } = await verdictOn(planted);
      if (!harms) continue;
      cases += 1;
      kinds.add(planted.kind);
      const isFirst = planted.places.includes(suspects[0]?.where ?? "");
      if (isFirst) first += 1;
      const isInGroup = planted.parts.some((part) => evict.includes(part));
      const told = `${seed} ${planted.kind} ${planted.key} at ${planted.places[0]}: ${suspects[0]?.where} ${suspects[0]?.evidence[0]}`;
      if (!isFirst) missed.push(told);
      if (!isInGroup) outside.push(told);
    }
    expect(cases).toBe(CASES);
    expect(outside).toEqual([]);
    expect(first / cases, missed.join("\n")).toBeGreaterThanOrEqual(0.9);
    if (CASES >= 200) expect([...kinds].sort()).toEqual([...FAULT_KINDS].sort());
    expect(WORKLOADS.length).toBeGreaterThan(1);
  });
});
