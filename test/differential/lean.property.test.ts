import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instantiateCore } from "../../src/engine/core/instance.js";
import { Run, TrapCode } from "../../src/engine/core/layout.js";
import { fitsLeanCore } from "../../src/engine/core/lean.js";
import { CoreRun } from "../../src/engine/run/run.js";
import type { RunPlan } from "../../src/plan/plan.js";
import { randomPlan } from "../support/random-plan.js";

async function runToEnd(plan: RunPlan, lean: boolean) {
  const run = await CoreRun.start(plan, { lean });
  while (run.advance(1e9)) {}
  const outcome = run.outcome();
  return { outcome, digest: run.digest(outcome) };
}

describe("the lean core", () => {
  it("does what the full one does", async () => {
    await fc.assert(
      fc.asyncProperty(randomPlan(), async (plan) => {
        fc.pre(fitsLeanCore(plan));
        expect(await runToEnd(plan, true)).toEqual(await runToEnd(plan, false));
      }),
      { numRuns: Number(process.env.HEDDLE_RUNS ?? 60), maxSkipsPerRun: 1000 },
    );
  });

  it("does not touch a run that needs the full one", async () => {
    for (const field of [
      Run.creditBlockBytes,
      Run.stallCount,
      Run.ackMarked,
      Run.pauseClockCount,
      Run.congestionControl,
    ]) {
      const core = await instantiateCore({ lean: true, shared: false });
      core.memory.set(core.header, field, 1);
      expect(() => core.exports.attach(0)).toThrow(WebAssembly.RuntimeError);
      expect(core.memory.get(core.header, Run.trapCode)).toBe(TrapCode.LeanCore);
    }
  });
});
