/** Looks at a simulation again and again while it runs, and tells rows of telemetry. */
import { viewPlan } from "../answer/ideal/view.js";
import type { TelemetryRow } from "../answer/telemetry/columns.js";
import { Intervals, type TelemetryKind, USUAL_KINDS } from "../answer/telemetry/intervals.js";
import type { CoreRun } from "../engine/run/run.js";
import type { RunPlan } from "../plan/plan.js";
import type { Scenario } from "../scenario/types/scenario.js";

/** What telemetry tells, how often, and to whom. */
export interface TelemetryOptions {
  /** Length of an interval at first, in ns of the simulation; at least 1 ps. */
  readonly everyNs: number;
  /** What rows are told of; left out: `USUAL_KINDS`, all but optics. */
  readonly kinds?: readonly TelemetryKind[];
  /** Told the rows of an interval, at its end. */
  readonly onRows: (rows: Iterable<TelemetryRow>) => void;
  /**
   * Rows after which intervals become twice as long, again and again. So the number of rows grows
   * with the logarithm of the run's length at most.
   */
  readonly rowsPerLength?: number;
  /** Told when intervals become longer. */
  readonly onLonger?: (everyNs: number, fromNs: number) => void;
}

const ROWS_PER_LENGTH = 2_000_000;
/** Looks of one length, whatever they find: each takes time in proportion to ports. */
const LOOKS_PER_LENGTH = 100_000;

/** One for each simulation: it keeps what it saw last. */
export class Telemetry {
  readonly #intervals: Intervals;
  readonly #mostPs: Float64Array;
  #everyPs: number;
  #lastPs = 0;
  #rows = 0;
  #looks = 0;
  #hops = -1;
  /** The largest backlogs of the interval that `rest` has broken off. */
  #partialPs: Float64Array | undefined;

  constructor(
    plan: RunPlan,
    logicalOf: ArrayLike<number> | undefined,
    private readonly options: TelemetryOptions,
    scenario?: Scenario,
  ) {
    const { everyNs, kinds = USUAL_KINDS } = options;
    this.#everyPs = Math.max(1, Math.round(everyNs * 1000));
    this.#mostPs = new Float64Array(plan.fabric.peerPort.length);
    this.#intervals = new Intervals(viewPlan(plan), logicalOf, new Set(kinds), scenario);
  }

  /** The end of the interval that is under way. */
  get nextPs(): number {
    return (Math.floor(this.#lastPs / this.#everyPs) + 1) * this.#everyPs;
  }

  /** The run goes on from where `rest` was called. */
  begin(run: CoreRun): void {
    if (this.#partialPs === undefined) return;
    run.lowerMarks(this.#mostPs);
    run.raiseMarks(this.#partialPs);
    this.#partialPs = undefined;
  }

  /** Lets the outcome tell the largest queues of all of the run. */
  rest(run: CoreRun): void {
    this.#partialPs = new Float64Array(this.#mostPs.length);
    run.lowerMarks(this.#partialPs);
    this.#partialPs.forEach((ps, port) => {
      this.#mostPs[port] = Math.max(this.#mostPs[port]!, ps);
    });
    run.raiseMarks(this.#mostPs);
  }

  /** The run stands at the end of an interval. One in which no packet moved goes on. */
  look(run: CoreRun, atPs: number): void {
    const { packetHops, settledPs } = run.progress();
    const nowPs = Math.max(settledPs, atPs);
    if (packetHops !== this.#hops) this.#tell(run, nowPs, false);
    run.lowerMarks(this.#mostPs);
    this.#hops = packetHops;
    this.#lastPs = nowPs;
    this.#countLook();
  }

  /** The run has ended at this instant. */
  end(run: CoreRun, atPs: number): void {
    this.#tell(run, Math.max(this.#lastPs, atPs), true);
  }

  #tell(run: CoreRun, nowPs: number, isEnd: boolean): void {
    this.options.onRows(this.#counted(this.#intervals.rows(run.gauges(nowPs), isEnd)));
  }

  *#counted(rows: Iterable<TelemetryRow>): Generator<TelemetryRow> {
    for (const row of rows) {
      this.#rows++;
      yield row;
    }
  }

  #countLook(): void {
    this.#looks++;
    const { rowsPerLength = ROWS_PER_LENGTH, onLonger } = this.options;
    if (this.#rows < rowsPerLength && this.#looks < LOOKS_PER_LENGTH) return;
    [this.#rows, this.#looks] = [0, 0];
    this.#everyPs *= 2;
    onLonger?.(this.#everyPs / 1000, this.#lastPs / 1000);
  }
}
