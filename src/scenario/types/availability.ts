/** What `heddle availability` reads of a scenario. */
import type { FailureRateName } from "../../plan/failures/rates.js";

/** Checkpoints of a training job; `heddle availability` reads them. */
export interface CheckpointParams {
  /** Work between two, in ms, or by whose formula. */
  readonly interval: number | "young" | "daly";
  readonly writeMs: number;
  readonly restartMs: number;
}

/** What interrupts a job over weeks. */
export interface AvailabilityParams {
  readonly rates: FailureRateName;
  readonly network: "rates" | "parts";
  /** Of failures of links that have others beside them. */
  readonly fatalShare: number;
  /** Share of optical ends that fail in a year; left out: as the parts say. */
  readonly opticFailures?: number | undefined;
  readonly unstableLinks: {
    readonly count: number;
    readonly flapsPerHour: number;
    readonly downMs: number;
    readonly fatalShare: number;
  };
  readonly horizonMs: number;
  /** Simulated courses. */
  readonly runs: number;
  readonly gpuHourUsd: number;
}
