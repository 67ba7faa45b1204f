/** How a command wants a run to go. */

import type { CaptureOptions } from "../../api/capture.js";
import type { Snapshot } from "../../api/options.js";
import type { Simulation } from "../../api/simulation.js";
import type { TelemetryOptions } from "../../api/telemetry.js";
import type { MemoryEstimate } from "../../engine/estimate/index.js";
import type { PolicySource } from "../../engine/policy/source.js";
import type { Progress } from "../../util/progress.js";

/** Snapshots now and then, and when the run is interrupted. */
export interface Keep {
  readonly everyMs: number;
  write(snapshot: Snapshot): Promise<void>;
}

export interface SimulateOptions {
  readonly memoryLimitBytes?: number | (() => number);
  readonly onEstimate?: (memory: MemoryEstimate) => void;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
  /** Told when the signal has been heard, and the run is about to be summed up. */
  readonly onBreak?: () => void;
  /** Exactly this number of threads. */
  readonly threads?: number;
  /** Up to this number, as it pays. */
  readonly upToThreads?: number;
  /** False: simulates what repeats, too. */
  readonly fastForward?: boolean;
  readonly keep?: Keep;
  /** Follows the critical path, which takes two more runs. */
  readonly explain?: boolean;
  /** Ranks of a trace, all or a sample where there are none; and what writes it after the run. */
  readonly trace?: { readonly ranks: readonly number[]; write(simulation: Simulation): Promise<void> };
  /** Tells of ports, switches, NICs and queue pairs while the run lasts. */
  readonly telemetry?: TelemetryOptions;
  /** Tells of each packet on chosen links, and what is done with that after the run. */
  readonly capture?: CaptureOptions;
  readonly writeCapture?: () => Promise<void>;
  /** Writes the totals of all links after the run. */
  readonly writeLinks?: (simulation: Simulation) => Promise<void>;
  /** Traces pauses and waits for credit to their roots. */
  readonly pauses?: boolean;
  /** What decides where routing is custom. */
  readonly policy?: PolicySource;
}
