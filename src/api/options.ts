/** What the library's callers give to a simulation, and what they keep of it. */
import type { MemoryEstimate } from "../engine/estimate/index.js";
import type { PolicySource } from "../engine/policy/source.js";
import type { Phase, Progress } from "../util/progress.js";
import type { CaptureOptions } from "./capture.js";
import type { TelemetryOptions } from "./telemetry.js";

/** How a simulation is run: threads, memory, and what it records. */
export interface SimulationOptions {
  /**
   * Threads from the start; with `replicate`, once there is enough to do. Where memory cannot be
   * shared there is one. The result is the same with any number.
   */
  readonly threads?: number;
  /** Instead of `threads`: start with one, and add up to this many once the run proves long. */
  readonly upToThreads?: number;
  /** False: simulates repetitions instead of skipping them. Only the `engine` figures differ. */
  readonly fastForward?: boolean;
  /**
   * Simulates parts of the run that are sure to be alike only once. Only the `engine` figures
   * differ. Such a simulation can be stopped and looked at, but neither forked nor kept.
   * Not with `fastForward: false`.
   */
  readonly replicate?: boolean;
  /**
   * Follows the critical path once the run has finished: see `Simulation.explain`. Nothing is
   * skipped or replicated then, and such a simulation can be neither forked nor kept.
   */
  readonly explain?: boolean;
  /**
   * Notes when each chunk was delivered, for `Simulation.trace`. Nothing is skipped or replicated
   * then, and such a simulation can be neither forked nor kept. Of programs, traces and training
   * steps the timelines of ranks are kept instead.
   */
  readonly trace?: {
    /** Ranks to show; none: all, or of many a sample. */
    readonly ranks?: readonly number[];
  };
  /**
   * Traces pauses and waits for credit to their roots: `pauses` in the result, once the run has
   * ended. Nothing is skipped or replicated then, and such a simulation can be neither forked nor
   * kept. Not with `explain`.
   */
  readonly pauses?: boolean;
  /**
   * Tells of ports, switches, NICs and queue pairs at intervals while the run lasts. Nothing is
   * skipped or replicated then. It changes nothing in the result but the `engine` figures.
   */
  readonly telemetry?: TelemetryOptions;
  /**
   * Tells of each packet on chosen links. Nothing is skipped or replicated then, and switches are
   * played event by event. Not with `explain`, `trace` or `pauses`.
   */
  readonly capture?: CaptureOptions;
  /**
   * Bytes that the core and the outcome may take. A run that would take more is refused before it
   * starts. A function is asked when the plan has been made, so it can say what is left then.
   */
  readonly memoryLimitBytes?: number | (() => number);
  /**
   * What decides where the scenario's routing is `custom`. A function keeps the run to one thread;
   * a module runs in every thread.
   */
  readonly policy?: PolicySource;
  /** Told before the run starts. */
  readonly onEstimate?: (memory: MemoryEstimate) => void;
  /** Ends the layout of the run between two steps: `start` then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Told what is done next, before the run starts. */
  readonly onPhase?: (phase: Phase) => void;
}

/** How far a call of `Simulation.run` goes, and what it reports. */
export interface RunOptions {
  /** Called a few times a second, and at the end. */
  readonly onProgress?: (progress: Progress) => void;
  /**
   * Breaks the run off between two calls of the core, each about 100 ms long; it can go on later.
   * Nothing in the same thread can break off a call that does not return, e.g. of a custom policy
   * that loops: what must be ended in any case belongs into a worker (`RunPool`).
   */
  readonly signal?: AbortSignal;
  /** Stop at this simulated time. */
  readonly untilNs?: number;
  /** Stop after about this wall-clock time, in ms. */
  readonly forMs?: number;
}

/** What a simulation can be continued from: plain data, and the bytes of the core's memory. */
export interface Snapshot {
  readonly description: {
    readonly heddleVersion: string;
    /** Digest of the core whose memory this is; no other core can continue from it. */
    readonly coreDigest: string;
    /** The scenario as plain data. */
    readonly scenario: unknown;
    readonly scenarioDigest: string;
    readonly simulatedNs: number;
    readonly wallMs: number;
    /** Time spent simulating alone; left out: all of it. */
    readonly runMs?: number;
    readonly [more: string]: unknown;
  };
  /** Belongs to the simulation, which changes it when it goes on: copy or write it before that. */
  readonly memory: Uint8Array;
}
