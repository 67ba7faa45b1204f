/** What a run tells of itself beside its outcome. */
import type { Work } from "../../util/progress.js";

export interface CoreProgress {
  readonly nowPs: number;
  /** Everything before this instant has been simulated, nothing after it. */
  readonly settledPs: number;
  readonly packetHops: number;
  /** Those of them that were skipped. */
  readonly skippedHops: number;
  readonly work: Work;
}

export interface EngineFigures {
  readonly windows: number;
  readonly fastSteps: number;
  readonly exactSteps: number;
  readonly threads: number;
  /** Of linear memory, and beside it what fast-forward has kept of it at most. */
  readonly memoryBytes: number;
  readonly keptBytes: number;
  /** Chunks of packets that were in use at any time. */
  readonly packetPoolBytes: number;
  readonly windowPs: number;
}

/** What was skipped because it was sure to repeat. */
export interface Skipped {
  /** Jumps ahead. */
  readonly cycles: number;
  readonly skippedPs: number;
  readonly skippedHops: number;
  /** Why nothing is skipped. */
  readonly off?: string;
}
