/** What was run, in a line. */
import { counted } from "../text/units.js";
import type { ResultDocument } from "./document.js";
import { flowsText, jobText } from "./jobs-text.js";

/** `all-reduce (ring) of 64.0 MiB on 64 GPUs, leaf-spine`. */
export function headlineText({ workload, topology }: Pick<ResultDocument, "workload" | "topology">): string {
  const gpus = `${topology.gpus.toLocaleString("en-US")} ${topology.gpus === 1 ? "GPU" : "GPUs"}`;
  return `${workloadText(workload)} on ${gpus}, ${topology.kind}`;
}

function workloadText(workload: ResultDocument["workload"]): string {
  if (workload.kind === "jobs") return counted(workload.jobs, "job");
  const text = jobText(workload);
  const background = "background" in workload ? workload.background : undefined;
  const whole = background === undefined ? text : `${text} beside ${flowsText(background)}`;
  // What follows a text with a comma outside of brackets would read as the end of a list.
  return /,(?![^(]*\))/.test(whole) ? `${whole},` : whole;
}
