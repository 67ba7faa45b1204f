/** What `heddle availability` prints. */
import { count, digits, percent } from "../text/units.js";
import type { AvailabilityReport } from "./report.js";

/** The report as `heddle availability` prints it. */
export function formatAvailability(report: AvailabilityReport): string {
  const { name, gpus, horizonHours, mttiHours, checkpoint, goodput, lossGpuHours, lossUsd, timeShares } = report;
  const { monteCarlo } = goodput;
  const interrupted = mttiHours === null ? "never" : `every ${hours(mttiHours)}`;
  const lines = [
    `${name}: ${gpus.toLocaleString("en-US")} GPUs over ${hours(horizonHours)}; interrupted ${interrupted}`,
    "",
    `Checkpoint  every ${hours(checkpoint.intervalHours)}, ${hours(checkpoint.writeHours)} to write, ` +
      `${hours(checkpoint.restartHours)} to restart`,
    `Goodput     ${percent(goodput.exact)} of the time is work that is kept`,
    `            simulated ${percent(monteCarlo.mean)} (95 %: ${percent(monteCarlo.low)} to ` +
      `${percent(monteCarlo.high)}, ${report.runs} courses)`,
    `            first order ${percent(goodput.firstOrder)}, E[ETTR] ${percent(goodput.ettr)}`,
    `Time        ${shares(timeShares)}`,
    `Loss        ${loss("an interruption at worst", lossGpuHours.worst, lossUsd.worst)}`,
    `            ${loss("an interruption on average", lossGpuHours.mean, lossUsd.mean)}`,
    `            ${loss(`expected in ${hours(horizonHours)}`, lossGpuHours.expected, lossUsd.expected)}`,
    ...intervalLines(report),
    ...causeLines(report),
  ];
  return `${lines.join("\n")}\n`;
}

function intervalLines({ intervals }: AvailabilityReport): string[] {
  if (intervals === null) return [];
  const { young, daly, best, bestGoodput } = intervals;
  return [
    `Interval    best ${hours(best)}, with a goodput of ${percent(bestGoodput)} ` +
      `(Young ${hours(young)}, Daly ${hours(daly)})`,
  ];
}

/** Causes that are listed by name. */
const LISTED = 12;

function causeLines({ causes }: AvailabilityReport): string[] {
  if (causes.length === 0) return [];
  const rows = causes.slice(0, LISTED).map(({ cause, expected, lostGpuHours }) => ({
    cause,
    expected: digits(expected),
    lost: count(Math.round(lostGpuHours)),
  }));
  const width = Math.max(...rows.map(({ cause }) => cause.length));
  const rest = causes.length > LISTED ? [`  and ${causes.length - LISTED} rarer causes (--json has them)`] : [];
  return [
    "",
    `  ${"cause".padEnd(width)}  interruptions  GPU-hours lost`,
    ...rows.map(
      ({ cause, expected, lost }) => `  ${cause.padEnd(width)}  ${expected.padStart(13)}  ${lost.padStart(14)}`,
    ),
    ...rest,
  ];
}

function shares({ kept, repeated, restart, write, stalled }: AvailabilityReport["timeShares"]): string {
  const parts = [
    `kept work ${percent(kept)}`,
    `work done again ${percent(repeated)}`,
    `restarts ${percent(restart)}`,
    `checkpoints ${percent(write)}`,
    ...(stalled > 0 ? [`stalls ${percent(stalled)}`] : []),
  ];
  return parts.join(", ");
}

function loss(what: string, gpuHours: number, usd: number): string {
  return `${what}: ${count(Math.round(gpuHours))} GPU-hours, ${count(Math.round(usd))} USD`;
}

/** `13.6 min`, `3.09 h`, `54.0 d`. */
function hours(value: number): string {
  if (value >= 96) return `${digits(value / 24)} d`;
  if (value >= 1 || value === 0) return `${digits(value)} h`;
  return value >= 1 / 60 ? `${digits(value * 60)} min` : `${digits(value * 3600)} s`;
}

/** A row for each value of a setting. */
export function formatVariation(
  path: string,
  rows: readonly { readonly value: string; readonly report: AvailabilityReport }[],
): string {
  const head = [path, "interrupted every", "interval", "goodput", "GPU-hours lost", "USD lost", "best interval"];
  const cells = rows.map(({ value, report: { mttiHours, checkpoint, goodput, lossGpuHours, lossUsd, intervals } }) => [
    value,
    mttiHours === null ? "never" : hours(mttiHours),
    hours(checkpoint.intervalHours),
    percent(goodput.exact),
    count(Math.round(lossGpuHours.expected)),
    count(Math.round(lossUsd.expected)),
    intervals === null ? "" : hours(intervals.best),
  ]);
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((row) => row[i]!.length)));
  const line = (row: readonly string[]) => row.map((cell, i) => cell.padStart(widths[i]!)).join("  ");
  return [head, ...cells].map((row) => `${line(row).trimEnd()}\n`).join("");
}
