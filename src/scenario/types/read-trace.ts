/** What was read of the files that a workload of kind `trace` names. */
import type { FlowsWorkload, ProgramWorkload } from "./scenario.js";
import type { TraceGraphs } from "./trace.js";

/** What files become: flows, programs, or graphs. */
export type TracedWorkload = FlowsWorkload | ProgramWorkload | TraceGraphs;

/** What was read of the files of a workload. */
export interface ReadTrace {
  /** Ranks that it has. */
  readonly ranks: number;
  readonly workload: TracedWorkload;
  readonly digest: string;
  /** What was read and has no counterpart here. */
  readonly notes: readonly string[];
}

/**
 * What the files of a workload hold; undefined where they have not been read.
 * @param written the workload as it was checked, with format, files and options
 */
export type TraceFiles = (written: TraceRequest) => ReadTrace | undefined;

export interface TraceRequest {
  readonly format: string;
  readonly files: readonly string[];
}
