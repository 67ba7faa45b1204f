/** What was run, in a line. */
import { counted } from "../text/units.js";
import type { ResultDocument } from "./document.js";
import { collectiveText, flowsText } from "./jobs-text.js";
import { programText } from "./programs-text.js";
import { trainingText } from "./training-text.js";

/** `all-reduce (ring) of 64.0 MiB on 64 GPUs, leaf-spine`. */
export function headlineText({ workload, topology }: Pick<ResultDocument, "workload" | "topology">): string {
  const gpus = `${topology.gpus.toLocaleString("en-US")} ${topology.gpus === 1 ? "GPU" : "GPUs"}`;
  return `${workloadText(workload)} on ${gpus}, ${topology.kind}`;
}

function workloadText(workload: ResultDocument["workload"]): string {
  switch (workload.kind) {
    case "jobs":
      return counted(workload.jobs, "job");
    case "program":
      return programText(workload);
    case "trace":
      return `${workload.format} trace of ${counted(workload.ranks, "rank")}`;
    case "training-step":
      return trainingText(workload);
    case "flows":
      return `${flowsText(workload)},`;
    case "collective": {
      const beside = workload.background === undefined ? "" : ` beside ${flowsText(workload.background)},`;
      return `${collectiveText(workload)}${beside}`;
    }
  }
}
