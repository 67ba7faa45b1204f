import { describe, expect, it } from "vitest";
import type { Effort } from "../../src/engine/fast-forward/fast-forward.js";
import { CoreRun } from "../../src/engine/run/run.js";
import { ALGORITHM_ROWS, COLLECTIVES } from "../../src/plan/collectives.js";
import type { RunPlan } from "../../src/plan/plan.js";
import { PAIRS } from "../collective/drawn.js";
import { planOf } from "../model/support.js";
import { runOracle } from "../oracle/run.js";
import { expectSameOutcome } from "../support/compare.js";
import { tryAll } from "../symmetry/support.js";

/** Looks at every chance. */
const EAGER: Effort = { share: 1e9, patience: 2000 };

const NODES = { kind: "rail-optimized", gpus: 12, gpusPerNode: 2, radix: 8 };
const FLAT = { kind: "leaf-spine", gpus: 7, gpusPerNode: 1, radix: 8 };

async function end(plan: RunPlan, fastForward: Effort | boolean, threads = 1) {
  const run = await CoreRun.start(plan, { fastForward, threads });
  try {
    while (run.advance(1e6));
    const outcome = run.outcome();
    return { outcome, digest: run.digest(outcome), ...run.skipped() };
  } finally {
    await run.close();
  }
}

describe.each(PAIRS)("%s by %s", (collective, algorithm) => {
  const { takesRoot, hasSize } = COLLECTIVES[collective];
  const { needsScaleUp } = ALGORITHM_ROWS[algorithm];
  const plansOf = (size: string, more: object = {}) =>
    [NODES, ...(needsScaleUp ? [] : [FLAT])].map((topology) =>
      planOf({
        topology,
        routing: { policy: "pinned" },
        transport: { ackEvery: 4 },
        workload: {
          ...{ kind: "collective", collective, algorithm, reductionDelay: "100ns" },
          ...(hasSize && { size }),
          ...(takesRoot && { root: 4 }),
          ...more,
        },
      }),
    );

  it("is the same in the core, with two threads, and in the oracle", async () => {
    for (const plan of plansOf("9000B", { repeat: 2 })) {
      const { outcome, digest } = await end(plan, false);
      expectSameOutcome(outcome, runOracle(plan));
      expect((await end(plan, false, 2)).digest).toBe(digest);
    }
  });

  it("is the same with fast-forward, and where one part stands for others", async () => {
    for (const plan of plansOf("400KiB").slice(0, 1)) {
      const full = await end(plan, false);
      const fast = await end(plan, EAGER);
      expectSameOutcome(fast.outcome, full.outcome);
      expect(fast.digest).toBe(full.digest);
      expect(fast.off).toBeUndefined();
      await tryAll(plan);
    }
  });
});
