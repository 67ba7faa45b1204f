import { columns } from "../text/layout-text.js";
import type { Style } from "../text/style.js";
import { count, duration, percent } from "../text/units.js";
import type { ResultDocument, WorkloadSummary } from "./document.js";
import type { ProgramResult } from "./document-programs.js";

/** `program of 2 roles`. */
export function programText({ roles }: Extract<WorkloadSummary, { kind: "program" }>): string {
  return `program of ${count(roles.length)} ${roles.length === 1 ? "role" : "roles"}`;
}

/** Most operations that are shown. */
const OPERATIONS_MAX = 20;

/** Tables of roles and of what they did. */
export function programLines({ program, jobs = [] }: ResultDocument, style: Style): string[] {
  const tables = [
    ...(program === undefined ? [] : [tablesOf("Programs", program, style)]),
    ...jobs.flatMap((job) =>
      job.program === undefined ? [] : [tablesOf(`Programs of ${job.name}`, job.program, style)],
    ),
  ];
  return tables.flatMap((lines, i) => (i === 0 ? lines : ["", ...lines]));
}

function tablesOf(title: string, program: ProgramResult, { bold, dim }: Style): string[] {
  const share = (part: number, whole: number) => (whole === 0 ? "-" : percent(part / whole));
  const roles = program.roles.map(({ name, ranks, finishNs, computeNs, exposedNs, idleNs }) => {
    const whole = computeNs + exposedNs + idleNs;
    const shares = [computeNs, exposedNs, idleNs].map((ns) => share(ns, whole));
    return [name, count(ranks), finishNs === null ? "not finished" : duration(finishNs), ...shares];
  });
  const right = (columnCount: number) => Array.from({ length: columnCount }, () => "right" as const);
  const header = ["role", "ranks", "end", "compute", "exposed", "idle"];
  const [titles, ...lines] = columns([header, ...roles], ["left", ...right(5)]);
  const shown = [...program.operations]
    .filter((each) => each.count > 0)
    .sort((a, b) => b.exposedNs - a.exposedNs || b.totalNs - a.totalNs)
    .slice(0, OPERATIONS_MAX);
  const ranks = program.roles.reduce((sum, role) => sum + role.ranks, 0);
  const rows = shown.map(({ name, count: n, meanNs, maxNs, exposedNs }) => [
    name,
    count(n),
    duration(meanNs),
    duration(maxNs),
    duration(exposedNs / ranks),
  ]);
  const [names, ...operations] = columns(
    [["operation", "count", "mean", "longest", "exposed per rank"], ...rows],
    ["left", ...right(4)],
  );
  return [
    bold(title),
    dim(`  ${titles}`),
    ...lines.map((line) => `  ${line}`),
    "",
    dim(`  ${names}`),
    ...operations.map((line) => `  ${line}`),
  ];
}
