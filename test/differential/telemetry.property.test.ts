import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { Telemetry } from "../../src/api/telemetry.js";
import { CoreRun } from "../../src/engine/run/run.js";
import type { Outcome } from "../../src/plan/outcome.js";
import type { RunPlan } from "../../src/plan/plan.js";
import { expectSameOutcome } from "../support/compare.js";
import { useDebugCore } from "../support/debug-core.js";
import { randomPlan } from "../support/random-plan.js";
import { runCore } from "../support/run-core.js";

// It checks itself, and counts.
beforeAll(useDebugCore);

/** Runs a plan to its end, with a look at it every `everyNs`. */
async function runObserved(plan: RunPlan, everyNs: number): Promise<{ outcome: Outcome; sent: Float64Array }> {
  const sent = new Float64Array(plan.fabric.peerPort.length);
  let port = 0;
  const telemetry = new Telemetry(plan, undefined, {
    ...{ everyNs, kinds: ["port", "switch", "nic", "qp"] },
    onRows: (rows) => {
      for (const { kind, txBytes } of rows) if (kind === "port") sent[port] = sent[port]! + Number(txBytes);
    },
  });
  port = 0;
  const run = await CoreRun.start(plan, { counts: true });
  try {
    for (;;) {
      const atPs = telemetry.nextPs;
      const state = run.advanceTo(10_000, atPs);
      if (state === "reached") telemetry.look(run, atPs);
      if (state === "ended") break;
    }
    telemetry.rest(run);
    const outcome = run.outcome();
    telemetry.end(run, Math.max(outcome.endPs, outcome.lastTransmissionPs));
    return { outcome, sent };
  } finally {
    await run.close();
  }
}

describe("a run that telemetry looks at", () => {
  it("comes to the same outcome, wherever it is looked at, and tells of all bytes", async () => {
    const everyNs = fc.constantFrom(777, 5000, 100_000);
    const property = fc.asyncProperty(randomPlan(), everyNs, async (plan, every) => {
      const { outcome, sent } = await runObserved(plan, every);
      expectSameOutcome(outcome, await runCore(plan));
      expect(sent[0]).toBe(outcome.ports.txBytes.reduce((sum, bytes) => sum + bytes, 0));
    });
    await fc.assert(property, { numRuns: Number(process.env.HEDDLE_RUNS ?? 30) });
  }, 120_000);
});
