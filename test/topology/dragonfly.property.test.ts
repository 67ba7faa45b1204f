import fc from "fast-check";
import { expect, it } from "vitest";
import { CoreRun } from "../../src/engine/run/run.js";
import { planOf } from "../model/support.js";
import { runOracle } from "../oracle/run.js";
import { expectSameOutcome } from "../support/compare.js";
import { randomShape } from "./random-dragonfly.js";

const NUM_RUNS = Number(process.env.HEDDLE_RUNS ?? 30);

const run = fc.record({
  shape: randomShape,
  kind: fc.constantFrom("pfc", "credit", "none"),
  policy: fc.constantFrom("ecmp", "spray", "adaptive", "pinned"),
  pairs: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 60_000 })), { minLength: 1, maxLength: 12 }),
});

it("any traffic on any dragonfly ends, in the core as in the oracle", async () => {
  await fc.assert(
    fc.asyncProperty(run, async ({ shape: dragonfly, kind, policy, pairs }) => {
      const hosts = dragonfly.a * dragonfly.p * dragonfly.groups;
      const flows = pairs
        .map(([src, dst, size]) => ({ src: src % hosts, dst: dst % hosts, size: `${size}B` }))
        .filter(({ src, dst }) => src !== dst);
      if (flows.length === 0) return;
      const plan = planOf({
        topology: { kind: "dragonfly", gpusPerNode: 1, dragonfly },
        switch: { buffer: "2MiB" },
        flowControl: { kind },
        routing: { policy },
        transport: { recovery: "selective", window: "64KiB", rto: "1ms" },
        workload: { kind: "flows", flows },
      });
      const core = await CoreRun.start(plan, { fastForward: false });
      while (core.advance(1e6));
      const outcome = core.outcome();
      await core.close();
      expect(outcome.status).toBe("finished");
      expectSameOutcome(outcome, runOracle(plan));
    }),
    { numRuns: NUM_RUNS },
  );
});
