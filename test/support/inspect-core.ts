import type { CoreInstance } from "../../src/engine/core/instance.js";
import { type Field, Run, SENDER_BYTES, Sender } from "../../src/engine/core/layout.js";
import { CoreRun } from "../../src/engine/run/run.js";
import type { Outcome } from "../../src/plan/outcome.js";
import type { RunPlan } from "../../src/plan/plan.js";

/** A run that stands still. */
export interface Instant {
  /** Everything before it has been simulated. */
  readonly nowPs: number;
  /** Field of the sender of a flow. */
  sender(flow: number, field: Field): number;
  /** Field of its congestion control record. */
  control(flow: number, field: Field): number;
  /** What happened so far. */
  outcome(): Outcome;
}

/**
 * Runs a plan and stops every `stepPs`, at the end of the window in which that falls, to look at
 * it; the last time at the end of the run.
 * @param look Returns false to end the run there.
 */
export async function watchCore(
  plan: RunPlan,
  stepPs: number,
  look: (instant: Instant) => boolean | undefined,
): Promise<void> {
  const run = await CoreRun.start(plan);
  const { memory, header } = (run as unknown as { core: CoreInstance }).core;
  const senderAt = (flow: number) => memory.get(header, Run.senders) + flow * SENDER_BYTES;
  const sender = (flow: number, field: Field) => memory.get(senderAt(flow), field);
  const control = (flow: number, field: Field) => memory.get(sender(flow, Sender.congestion), field);
  try {
    for (let untilPs = stepPs; ; untilPs += stepPs) {
      let state: ReturnType<CoreRun["advanceUntil"]>;
      do state = run.advanceUntil(1e6, untilPs);
      while (state === "running");
      const instant = { nowPs: run.progress().settledPs, sender, control, outcome: () => run.outcome() };
      if (look(instant) === false || state === "ended") return;
    }
  } finally {
    await run.close();
  }
}
