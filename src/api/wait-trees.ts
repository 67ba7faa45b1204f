/** Traces the pauses and waits for credit of a simulation back to their roots. */
import { viewPlan } from "../answer/ideal/view.js";
import { waitTreesOf } from "../answer/waits/describe.js";
import type { WaitTrees } from "../answer/waits/document.js";
import { treesOf } from "../answer/waits/trees.js";
import { WaitLog } from "../answer/waits/waits.js";
import { type Watch, waitRecordBytes } from "../engine/core/watch.js";
import type { CoreRun } from "../engine/run/run.js";
import type { RunPlan } from "../plan/plan.js";
import { PlanError } from "../plan/plan-error.js";

/** What a run records of waits, and what becomes of it. */
export class WaitTracing {
  readonly #log: WaitLog;
  #trees: WaitTrees | undefined;

  constructor(
    private readonly plan: RunPlan,
    private readonly logicalOf: ArrayLike<number> | undefined,
  ) {
    if (plan.fabric.detours !== undefined) {
      throw new PlanError(
        "pauses are not traced yet where packets change their lane on the way, as with detours; use minimal routing, or leave --pauses out",
        [["routing", "policy"]],
      );
    }
    this.#log = new WaitLog(plan.fabric.peerPort);
    this.watch = { kind: "waits", onRecord: this.#log.take };
  }

  readonly watch: Watch;

  /** Bytes of linear memory that recording takes. */
  bytes(threads: number): number {
    return waitRecordBytes(this.plan, threads);
  }

  /** The trees of a run that has ended, however it did. */
  treesOf(run: CoreRun): WaitTrees {
    if (this.#trees !== undefined) return this.#trees;
    const untilPs = run.tellRestOfWaits(run.outcome());
    const found = treesOf(this.#log.waits(untilPs), this.plan.fabric.peerPort);
    this.#trees = waitTreesOf(viewPlan(this.plan), found, this.logicalOf);
    return this.#trees;
  }
}
