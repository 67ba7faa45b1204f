import { columns } from "../text/layout-text.js";
import type { Style } from "../text/style.js";
import { bytes, count, counted, digits, exactDuration, percent } from "../text/units.js";
import type { FlowTotal, JobResult, JobSummary, ResultDocument, SlowdownBin } from "./document.js";
import { programText } from "./programs-text.js";
import { trainingText } from "./training-text.js";

/** `256 flows, 64 MiB in all`. */
export function flowsText({ flows, totalBytes }: FlowTotal): string {
  return `${counted(flows, "flow")}, ${bytes(totalBytes)} in all`;
}

const PROTOCOL_NAMES: Readonly<Record<string, string>> = { ll: "LL", ll128: "LL128", simple: "Simple" };

/** `all-reduce (ring) of 256 MiB`. */
function collectiveText(workload: Extract<JobSummary, { kind: "collective" }>): string {
  const { collective, algorithm, protocol, isChosen, sizeBytes, root, repeat, groups } = workload;
  const how = [
    algorithm,
    ...(protocol ? [PROTOCOL_NAMES[protocol] ?? protocol] : []),
    ...(isChosen ? ["by auto"] : []),
  ];
  const way = collective === "reduce" || collective === "gather" ? "to" : "from";
  return [
    `${collective} (${how.join(", ")})`,
    ...(sizeBytes > 0 ? [`of ${bytes(sizeBytes)}`] : []),
    ...(root === undefined ? [] : [`${way} rank ${root}`]),
    ...(repeat === undefined ? [] : [`${count(repeat)} times`]),
    ...(groups === undefined || groups === 1 ? [] : [`by each of ${count(groups)} groups`]),
  ].join(" ");
}

/** What a job does, in words. */
export function jobText(workload: JobSummary): string {
  return (TEXT[workload.kind] as (workload: JobSummary) => string)(workload);
}

const TEXT: { readonly [K in JobSummary["kind"]]: (workload: Extract<JobSummary, { kind: K }>) => string } = {
  flows: flowsText,
  program: programText,
  trace: ({ format, ranks }) => `${format} trace of ${counted(ranks, "rank")}`,
  "training-step": trainingText,
  collective: collectiveText,
};

/** Most jobs that are shown. */
const JOBS_MAX = 20;

/** A table of the jobs; the slowest of many, by their efficiency. */
export function jobLines({ jobs = [] }: ResultDocument, { bold, dim }: Style): string[] {
  if (jobs.length === 0) return [];
  const shown = jobs.length <= JOBS_MAX ? jobs : slowest(jobs);
  const hasSlowdown = jobs.some(({ slowdown }) => slowdown !== undefined);
  const header = ["job", "ranks", "what", "JCT", "ideal", "efficiency", "busbw", ...(hasSlowdown ? ["slowdown"] : [])];
  const rows = shown.map((job) => [
    job.background ? `${job.name} (background)` : job.name,
    count(job.ranks),
    jobText(job.workload),
    job.jctNs === null ? "not finished" : exactDuration(job.jctNs),
    exactDuration(job.idealJctNs),
    job.efficiency === null ? "" : percent(job.efficiency),
    job.busbwGBps === null ? "-" : `${job.busbwGBps.toFixed(2)} GB/s`,
    ...(hasSlowdown ? [typeof job.slowdown === "number" ? job.slowdown.toFixed(3) : "-"] : []),
  ]);
  const sides = ["left", "right", "left", "right", "right", "right", "right", "right"] as const;
  const [titles, ...lines] = columns([header, ...rows], sides.slice(0, header.length));
  const part = shown.length < jobs.length ? `  ${dim(`${shown.length} of ${count(jobs.length)}`)}` : "";
  return [`${bold("Jobs")}${part}`, dim(`  ${titles}`), ...lines.map((line) => `  ${line}`)];
}

function slowest(jobs: readonly JobResult[]): JobResult[] {
  return [...jobs].sort((a, b) => (a.efficiency ?? -1) - (b.efficiency ?? -1)).slice(0, JOBS_MAX);
}

/** Fewer flows than this have no percentiles worth a table. */
const FLOWS_MIN = 32;

/** The table that papers show: slowdown by size of flows. */
export function slowdownLines({ fctSlowdown }: ResultDocument, { bold, dim }: Style): string[] {
  if (fctSlowdown === undefined || fctSlowdown.all.flows < FLOWS_MIN) return [];
  const { all, bins, unfinished } = fctSlowdown;
  const row = (name: string, { flows, mean, p50, p95, p99, max }: Omit<SlowdownBin, "fromBytes" | "toBytes">) => [
    name,
    count(flows),
    ...[mean, p50, p95, p99, max].map((slowdown) => digits(slowdown, 4)),
  ];
  const header = ["size", "flows", "mean", "p50", "p95", "p99", "max"];
  const rows = [header, ...bins.map((bin) => row(binName(bin), bin)), row("all", all)];
  const [titles, ...lines] = columns(rows, ["left", "right", "right", "right", "right", "right", "right"]);
  const left = unfinished > 0 ? `  ${dim(`without ${count(unfinished)} that did not finish`)}` : "";
  return [`${bold("FCT slowdown")}${left}`, dim(`  ${titles}`), ...lines.map((line) => `  ${line}`)];
}

/** `10 kB - 100 kB`, in decimal units. */
export function binName({ fromBytes, toBytes }: Pick<SlowdownBin, "fromBytes" | "toBytes">): string {
  if (fromBytes === 0) return `<= ${decimal(toBytes!)}`;
  return toBytes === null ? `> ${decimal(fromBytes)}` : `${decimal(fromBytes)} - ${decimal(toBytes)}`;
}

function decimal(size: number): string {
  return size >= 1e6 ? `${size / 1e6} MB` : `${size / 1e3} kB`;
}
