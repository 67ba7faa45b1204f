import { afterEach, describe, expect, it, vi } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { fitsLeanCore } from "../../src/engine/core/lean.js";
import { whyNot } from "../../src/engine/fast-forward/support.js";
import { symmetriesOf } from "../../src/engine/symmetry/symmetry.js";
import { MECHANISMS, type MechanismRow } from "../../src/plan/policies/mechanisms.js";
import { resolvePlan } from "../../src/resolve/resolve.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";

/** A ring that repeats itself all the time, of ranks that are alike. */
const { scenario } = parseScenario({
  version: 1,
  topology: { kind: "leaf-spine", gpus: 16, radix: 64 },
  workload: { kind: "collective", size: "16MiB" },
});

const { plan } = resolvePlan(scenario);

/** Says nothing of what may be accelerated. */
const SILENT = { field: "none", inUse: () => true, sentence: "A hypothetical mechanism.", source: "this test" };

function have(row: object): void {
  Object.assign(MECHANISMS, { hypothetical: row as MechanismRow });
}

afterEach(() => {
  Reflect.deleteProperty(MECHANISMS, "hypothetical");
  vi.restoreAllMocks();
});

describe("a mechanism whose row does not say that it may be accelerated", () => {
  it("is simulated in full, and makes no difference to the outcome", async () => {
    const fast = await simulate(scenario, { replicate: true });
    expect(fast.engine.fastForward.cycles + fast.engine.fastForward.replicas).toBeGreaterThan(0);
    have(SILENT);
    const whole = await simulate(scenario, { replicate: true });
    expect(whole.engine.fastForward).toMatchObject({
      ...{ cycles: 0, skippedPacketHops: 0, replicas: 0 },
      off: "it is not known to go with hypothetical",
    });
    expect(whole.engine.digest).toBe(fast.engine.digest);
  });

  it("is refused by each acceleration by itself", () => {
    expect([whyNot(plan), [...symmetriesOf(plan)].length > 0, fitsLeanCore(plan)]).toEqual([null, true, true]);
    have({ ...SILENT, fastForward: true });
    expect([whyNot(plan), [...symmetriesOf(plan)].length > 0, fitsLeanCore(plan)]).toEqual([null, false, false]);
    have({ ...SILENT, symmetry: true });
    expect(whyNot(plan)).toMatch(/hypothetical/);
    expect([[...symmetriesOf(plan)].length > 0, fitsLeanCore(plan)]).toEqual([true, false]);
    have({ ...SILENT, lean: true });
    expect([[...symmetriesOf(plan)].length > 0, fitsLeanCore(plan)]).toEqual([false, true]);
  });

  it("is refused with the reason that its row gives", () => {
    have({ ...SILENT, fastForward: "it has a reason of its own" });
    expect(whyNot(plan)).toBe("it has a reason of its own");
  });

  it("is not asked where the run does without it", () => {
    have({ ...SILENT, inUse: () => false });
    expect([whyNot(plan), [...symmetriesOf(plan)].length > 0, fitsLeanCore(plan)]).toEqual([null, true, true]);
  });
});
