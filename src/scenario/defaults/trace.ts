/** A workload that was read from files. */
import type { WrittenTrace } from "../schema/trace.js";
import type { TraceFiles } from "../types/read-trace.js";
import type { FlowsWorkload, ProgramWorkload } from "../types/scenario.js";
import type { TraceWorkload } from "../types/trace.js";

/** The rules have been checked, so the files have been read. */
export function resolveTrace(
  written: WrittenTrace,
  traceFiles: TraceFiles,
): TraceWorkload | FlowsWorkload | ProgramWorkload {
  const { workload, digest } = traceFiles(written)!;
  if (workload.kind === "flows") return { ...workload, flowsDigest: digest };
  return workload.kind === "trace" ? { ...workload, format: written.format, digest } : workload;
}
