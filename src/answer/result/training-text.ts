import { bar, columns, fact } from "../text/layout-text.js";
import type { Style } from "../text/style.js";
import { bytes, count, duration, percent } from "../text/units.js";
import type { ResultDocument, WorkloadSummary } from "./document.js";
import type { TrainingResult } from "./document-programs.js";

/** `a training step of gpt-3-175b, tp 8 x pp 8`. */
export function trainingText(workload: Extract<WorkloadSummary, { kind: "training-step" }>): string {
  const { model, parallel, steps } = workload;
  const degrees = Object.entries(parallel).filter(([, degree]) => degree > 1);
  const layout = degrees.map(([kind, degree]) => `${kind} ${count(degree)}`).join(" x ");
  const what = steps === 1 ? "a training step" : `${count(steps)} training steps`;
  return `${what} of ${model}${layout === "" ? "" : `, ${layout}`}`;
}

/** Smaller shares are what rounding leaves. */
export const IDLE_SHARE_MIN = 1e-9;

/** What GPUs do while they compute nothing, by its cause. */
export const IDLE_WORDS: Readonly<Record<TrainingResult["idle"][number]["cause"], string>> = {
  bubble: "pipeline bubble",
  tp: "waits for tensor parallelism",
  cp: "waits for context parallelism",
  pp: "waits for the stages of the pipeline",
  dp: "waits for data parallelism",
  ep: "waits for expert parallelism",
  other: "idle otherwise",
};

/** How long a step took, and what GPUs did in it; of jobs, in each that trains. */
export function trainingLines({ training, workload, jobs = [] }: ResultDocument, style: Style): string[] {
  const several = jobs.flatMap((job) =>
    job.training === undefined ? [] : [linesOf(`Training of ${job.name}`, job.training, job.workload, style)],
  );
  const all = training === undefined ? several : [linesOf("Training", training, workload, style)];
  return all.flatMap((lines, i) => (i === 0 ? lines : ["", ...lines]));
}

function linesOf(title: string, training: TrainingResult, workload: WorkloadSummary, { bold, dim }: Style): string[] {
  const { stepNs, computeNs, mfu, tokensPerSecond, steps, memoryBytes, idle, overlappedNs, items } = training;
  const rows = [
    ["computes", bar(computeNs / stepNs, 24), percent(computeNs / stepNs), duration(computeNs)],
    ...idle
      .filter(({ share }) => share > IDLE_SHARE_MIN)
      .map(({ cause, share }) => [IDLE_WORDS[cause], bar(share, 24), percent(share), duration(share * stepNs)]),
  ];
  const beside = Object.entries(overlappedNs).filter(([, ns]) => ns > 0);
  const several = "steps" in workload && workload.steps > 1;
  const spread = `p50 ${duration(steps.p50Ns)}, p99 ${duration(steps.p99Ns)}, max ${duration(steps.maxNs)}`;
  const { parameters, gradients, optimizer, activations, total, capacity } = memoryBytes;
  const kinds = Object.entries({ parameters, gradients, optimizer, activations });
  const memory = kinds.map(([name, size]) => `${name} ${bytes(size)}`).join(", ");
  return [
    bold(title),
    fact("Step", `${duration(stepNs)}, ${count(Math.round(tokensPerSecond))} ${items}/s, MFU ${percent(mfu)}`),
    ...(several ? [fact("Steps", spread)] : []),
    fact("Memory of a GPU", `${bytes(total)} of ${bytes(capacity)}: ${memory}`),
    "",
    dim("  What GPUs do in a step, on average"),
    ...columns(rows, ["left", "left", "right", "right"]).map((line) => `  ${line}`),
    ...(beside.length === 0
      ? []
      : [dim(`  Beside computation: ${beside.map(([kind, ns]) => `${kind} ${duration(ns)}`).join(", ")}`)]),
  ];
}
