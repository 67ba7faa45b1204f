import { COLLECTIVES, type CollectiveName, type CollectiveRow } from "../../plan/collectives.js";
import type { FlowSpec, Workload } from "./scenario.js";

/** A workload whatever its kind: what the parts of the program that follow ask of it. */
export interface JobFacts {
  /** The operation over all ranks; null for a list of flows. */
  readonly collective: {
    readonly name: CollectiveName;
    readonly row: CollectiveRow;
    readonly sizeBytes: number;
  } | null;
  /** Name of its schedule: the algorithm, or `flows`. */
  readonly schedule: string;
  readonly reductionDelayPs: number;
  /** Traffic beside the job; undefined where there is none. */
  readonly background: readonly FlowSpec[] | undefined;
}

/** The facts of a workload. This is where its kind is asked for. */
export function jobFacts(workload: Workload): JobFacts {
  if (workload.kind === "flows") {
    return { collective: null, schedule: "flows", reductionDelayPs: 0, background: undefined };
  }
  const { collective: name, algorithm, sizeBytes, reductionDelayPs, background } = workload;
  return { collective: { name, row: COLLECTIVES[name], sizeBytes }, schedule: algorithm, reductionDelayPs, background };
}
