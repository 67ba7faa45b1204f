import { COLLECTIVES, type CollectiveName, type CollectiveRow } from "../../plan/collectives.js";
import type { Task } from "../../plan/crossings.js";
import type { FlowSpec, Workload } from "./scenario.js";

/** A collective, and what its bounds depend on. */
export interface JobCollective extends Task {
  readonly name: CollectiveName;
  readonly row: CollectiveRow;
  /** How often it is done. */
  readonly repeat: number;
}

/** A workload whatever its kind: what the parts of the program that follow ask of it. */
export interface JobFacts {
  /** The operation over all ranks; null for a list of flows. */
  readonly collective: JobCollective | null;
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
  const { collective: name, algorithm, reductionDelayPs, background } = workload;
  const { sizeBytes, sizes, root, repeat } = workload;
  const collective = { name, row: COLLECTIVES[name], sizeBytes, sizes, root, repeat };
  return { collective, schedule: algorithm, reductionDelayPs, background };
}
