/** Follows the critical path of a simulation that has finished. */
import { viewPlan } from "../answer/ideal/view.js";
import { chunkCount, Deliveries, MAX_CHUNKS } from "../answer/path/chunks.js";
import { criticalTiles, lastFlowOf, type Rerun } from "../answer/path/critical-path.js";
import { criticalPathOf } from "../answer/path/describe.js";
import type { CriticalPath } from "../answer/path/document.js";
import { jobOf } from "../answer/result/job.js";
import { knownStartPs } from "../answer/result/jobs.js";
import { count } from "../answer/text/units.js";
import type { CorePolicy } from "../engine/core/core-policy.js";
import { deliveryBytes, type Watch } from "../engine/core/watch.js";
import { CoreRun } from "../engine/run/run.js";
import { isMeasured } from "../plan/flows.js";
import type { RunPlan } from "../plan/plan.js";
import { PlanError } from "../plan/plan-error.js";
import type { Scenario } from "../scenario/types/scenario.js";
import { NO_WAYS } from "./next-engine.js";
import type { RunOptions, SimulationOptions } from "./options.js";
import { RunLoop } from "./run-loop.js";

/** What the runs that follow a path are made of. */
export interface Explained {
  readonly scenario: Scenario;
  readonly plan: RunPlan;
  readonly options: SimulationOptions;
  readonly policy: CorePolicy | undefined;
  readonly logicalOf: ArrayLike<number> | undefined;
}

/**
 * Refuses runs whose deliveries cannot be noted.
 * @param what What they are to be noted for.
 * @throws PlanError
 */
export function checkExplainable(plan: RunPlan, what: "critical path" | "trace"): void {
  if (plan.fabric.detours !== undefined) {
    throw new PlanError(
      `the ${what} does not know the lanes of packets that go over third groups; write routing: { policy: minimal } to follow it`,
      [["routing", "policy"]],
    );
  }
  if (what === "critical path" && (plan.changes ?? []).some(({ kind }) => kind === "move")) {
    throw new PlanError(
      "the critical path does not follow queue pairs that move between NICs; write failover: false to follow it",
      [["nic", "failover"]],
    );
  }
  const setting = [["workload"], ["jobs"]];
  if (plan.programs !== undefined) {
    throw new PlanError(
      "the critical path of programs, traces and training steps cannot be followed yet; that of collectives and lists of flows can",
      setting,
    );
  }
  if (plan.reduction !== undefined) {
    throw new PlanError(
      `the ${what} is not followed through switches that reduce; choose an algorithm without in-network reduction`,
      setting,
    );
  }
  const chunks = chunkCount(plan);
  if (chunks > MAX_CHUNKS) {
    throw new PlanError(
      `the ${what} needs the delivery of each chunk, ${count(chunks)} here, and keeps at most ${count(MAX_CHUNKS)}; simulate fewer ranks, fewer channels or larger chunks`,
      setting,
    );
  }
}

/** The deliveries of a run, and how its path is followed once it has ended. */
export class PathOfRun {
  #path: CriticalPath | undefined;
  #spentMs = 0;

  constructor(private readonly input: Explained) {}

  /** What the first run is to record, and the bytes that takes. */
  readonly watch: Watch = { kind: "deliveries" };
  get bytes(): number {
    return deliveryBytes(this.input.plan.flows.count, chunkCount(this.input.plan));
  }

  /** Time that the repetitions took, in ms. */
  get spentMs(): number {
    return this.#spentMs;
  }

  /** The deliveries of the first run. */
  deliveries(first: CoreRun): Deliveries {
    return new Deliveries(this.input.plan, (place) => first.delivery(place));
  }

  /** Undefined before it was followed, and where the run did not finish. */
  get path(): CriticalPath | undefined {
    return this.#path;
  }

  /**
   * Repeats the run twice to follow its path. Nothing is known of it where the signal aborts.
   * @throws PlanError where the repetitions differ: a custom routing policy keeps what it learns.
   */
  async follow(first: CoreRun, options: RunOptions): Promise<void> {
    const outcome = first.outcome();
    const digest = first.digest(outcome);
    const { plan, scenario, logicalOf } = this.input;
    if (outcome.status !== "finished" || this.#path !== undefined) return;
    const lastFlow = lastFlowOf(plan, outcome);
    if (lastFlow < 0) return;
    const { startPs } = jobOf(plan, outcome, isMeasured, knownStartPs(scenario.workload));
    const view = viewPlan(plan);
    try {
      const rerun: Rerun = (kind, slices, onRecord) =>
        this.#repeat({ kind, slices, onRecord }, digest, first.threads, options);
      const tiles = await criticalTiles(view, this.deliveries(first), lastFlow, startPs, rerun);
      this.#path = criticalPathOf(view, tiles, logicalOf);
    } catch (cause) {
      if (!(cause instanceof Aborted)) throw cause;
    }
  }

  async #repeat(watch: Watch, digest: string, threads: number, options: RunOptions): Promise<void> {
    const { plan, policy, options: how } = this.input;
    const engine = await CoreRun.start(plan, { threads, watch, ...(policy && { policy }) });
    const { threads: _, upToThreads: __, ...alone } = how;
    const loop = new RunLoop({ engine }, { plan, ways: NO_WAYS, options: alone, policy }, { wallMs: 0, runMs: 0 });
    try {
      await loop.run(options);
      this.#spentMs += loop.spent.wallMs;
      if (options.signal?.aborted === true) throw new Aborted();
      if (engine.digest(engine.outcome()) === digest) return;
    } finally {
      await engine.close();
    }
    throw new PlanError(
      "the run is another one each time, so its critical path cannot be followed; the custom routing policy must not keep state outside of what it is given",
      [["routing", "policy"]],
    );
  }
}

/** The run was broken off. */
class Aborted extends Error {}
