import type { TextOptions } from "../../answer/result/text.js";
import { bar, columns } from "../../answer/text/layout-text.js";
import { type Style, styleFor } from "../../answer/text/style.js";
import { bytes, count, digits, duration, exactDuration, percent } from "../../answer/text/units.js";
import { formatQuantity } from "../../scenario/types/units.js";
import { WIDTH, wrap } from "../../util/wrap.js";
import type { Change, ComparisonDocument, MetricComparison } from "./compare.js";
import type { CauseChange } from "./explain.js";
import type { Unit } from "./metrics.js";

/** How much of a comparison its text has. */
export interface ComparisonTextOptions extends TextOptions {
  /** Every figure, also those that did not change; otherwise the first 25 that did. */
  readonly all?: boolean;
}

const ROWS_MAX = 25;
const SETTINGS_MAX = 20;

/**
 * The comparison as people read it. Ends with a newline.
 * @param options how the text is made
 */
export function formatComparison(
  doc: ComparisonDocument,
  { color = false, all = false }: ComparisonTextOptions = {},
): string {
  const style = styleFor(color);
  const sections = [
    headline(doc, style),
    settingLines(doc, style),
    ...doc.explanations.map((causes, i) => explanationLines(doc, causes, i + 1, style)),
    metricLines(doc, style, all),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** A, B, … */
function letter(side: number): string {
  return String.fromCharCode(65 + (side % 26)) + (side >= 26 ? `${Math.floor(side / 26)}` : "");
}

function headline({ sides, seeds, unpairedSeeds, metrics }: ComparisonDocument, { bold, dim, warn }: Style): string[] {
  const jct = metrics.find(({ path }) => path === "jctNs");
  const lines = sides.map(({ name, runs, unfinished }, i) => {
    const many = runs > 1 ? dim(`, ${runs} seeds`) : "";
    const failed = unfinished > 0 ? warn(`, ${unfinished} not finished`) : "";
    const value = jct?.values[i] ?? null;
    const time = value === null ? "" : `  JCT ${exactDuration(value)}`;
    const change = i === 0 ? null : (jct?.changes[i - 1] ?? null);
    return `${bold(letter(i))}  ${name}${many}${failed}${bold(time)}${change === null ? "" : jctChange(change)}`;
  });
  if (seeds === null) lines.push(warn("The runs have different seeds: chance is part of every difference."));
  if (unpairedSeeds.length > 0) {
    lines.push(warn(`Left out, since not all sides have them: seeds ${unpairedSeeds.slice(0, 10).join(", ")}.`));
  }
  return lines;
}

function jctChange(change: Change): string {
  const p = change.pValue === null ? "" : ` (p ${digits(change.pValue, 2)}, sign-flip test)`;
  return `, ${changeText(change, "ns")}${p}`;
}

function settingLines({ settings, sides }: ComparisonDocument, { bold, dim }: Style): string[] {
  if (settings.length === 0) return [dim("The scenarios differ in nothing but the seed, if at all.")];
  const rows = settings
    .slice(0, SETTINGS_MAX)
    .map(({ path, values }) => [path, ...values.map((value) => showSetting(path, value))]);
  const left = settings.length - rows.length;
  const [titles, ...lines] = columns(
    [["setting", ...sides.map((_, i) => letter(i))], ...rows],
    ["left", ...sides.map(() => "left" as const)],
  );
  return [
    bold("What differs"),
    dim(`  ${titles}`),
    ...lines.map((line) => `  ${line}`),
    ...(left > 0 ? [dim(`  … and ${left} more; --json lists them`)] : []),
  ];
}

/** How the ends of settings' names call units, as scenarios write them. */
const DIMENSIONS = { Ps: "time", Bytes: "size", Bps: "rate" } as const;

/** A setting's value, whole: values may differ at their ends only. */
function showSetting(path: string, value: unknown): string {
  if (value === undefined) return "-";
  const ending = /(Ps|Bytes|Bps)(\[\d+\])?$/.exec(path)?.[1] as keyof typeof DIMENSIONS | undefined;
  if (ending === undefined || typeof value !== "number") return `${value}`;
  return Number.isFinite(value) ? formatQuantity(DIMENSIONS[ending], value) : "none";
}

function explanationLines(
  { sides }: ComparisonDocument,
  causes: readonly CauseChange[],
  side: number,
  { bold, dim }: Style,
): string[] {
  const title = bold(`Where the difference comes from, ${letter(0)} to ${letter(side)}`);
  if (causes.length === 0) return [title, "  A run did not finish: there is no completion time to explain."];
  const most = Math.max(...causes.map(({ differenceNs }) => Math.abs(differenceNs)));
  const isGroup = sides[0]!.runs > 1;
  const rows = causes.map(({ cause, beforeNs, afterNs, differenceNs, lowNs, highNs, shareOfDifference }) => [
    cause,
    duration(beforeNs),
    duration(afterNs),
    signed(differenceNs, "ns"),
    ...(isGroup ? [interval({ low: lowNs, high: highNs }, "ns")] : []),
    shareOfDifference === null ? "-" : `${digits(100 * shareOfDifference)} %`,
    bar(most === 0 ? 0 : Math.abs(differenceNs) / most, 12),
  ]);
  const header = [
    "cause",
    letter(0),
    letter(side),
    "change",
    ...(isGroup ? ["95 % interval"] : []),
    "of the difference",
    "",
  ];
  const [titles, ...lines] = columns(
    [header, ...rows],
    ["left", "right", "right", "right", ...(isGroup ? ["right" as const] : []), "right", "left"],
  );
  return [
    title,
    dim(`  ${titles}`),
    ...causes.flatMap((cause, i) => [
      `  ${lines[i]}`,
      ...texts(cause, side).flatMap((text) => wrap(text, WIDTH - 4).map((line) => `    ${dim(line)}`)),
    ]),
  ];
}

/** What both sides say, once where they say the same; nothing of a cause that did not change. */
function texts({ differenceNs, textBefore, textAfter }: CauseChange, side: number): string[] {
  if (differenceNs === 0) return [];
  if (textBefore === textAfter) return [textBefore!];
  return [
    ...(textBefore === null ? [] : [`${letter(0)}: ${textBefore}`]),
    ...(textAfter === null ? [] : [`${letter(side)}: ${textAfter}`]),
  ];
}

function metricLines({ metrics, sides }: ComparisonDocument, { bold, dim }: Style, all: boolean): string[] {
  const changed = metrics.filter(({ changes }) => changes.some((change) => change !== null && change.difference !== 0));
  const shown = all ? metrics : changed.filter(({ tier }) => tier !== "engine").slice(0, ROWS_MAX);
  if (shown.length === 0) return [dim("No figure differs.")];
  const isGroup = sides[0]!.runs > 1;
  const others = sides.slice(1);
  const header = [
    "metric",
    letter(0),
    ...others.flatMap((_, i) => [letter(i + 1), "change", ...(isGroup ? ["95 % interval"] : [])]),
  ];
  const rows = shown.map((metric) => metricRow(metric, isGroup));
  const [titles, ...lines] = columns([header, ...rows], ["left", ...header.slice(1).map(() => "right" as const)]);
  const rule =
    "Completion time first, then its explanation, the run, its parts; within each by change in relation to the larger figure.";
  const left = changed.length - shown.length;
  return [
    bold("Figures"),
    ...wrap(rule, WIDTH - 2).map((line) => dim(`  ${line}`)),
    dim(`  ${titles}`),
    ...lines.map((line) => `  ${line}`),
    ...(left > 0 ? [dim(`  … and ${left} more that differ; --all lists them`)] : []),
  ];
}

function metricRow({ path, unit, values, changes }: MetricComparison, isGroup: boolean): string[] {
  const cells = changes.flatMap((change, i) => [
    show(values[i + 1] ?? null, unit),
    change === null ? "-" : changeText(change, unit),
    ...(isGroup ? [change === null ? "-" : interval(change, unit)] : []),
  ]);
  return [path, show(values[0] ?? null, unit), ...cells];
}

function changeText({ difference, relative }: Change, unit: Unit): string {
  // A share has a relative change, too, which would be mistaken for the difference of both.
  if (relative === null || unit === "share") return signed(difference, unit);
  return `${relative > 0 ? "+" : ""}${digits(100 * relative)} %`;
}

function interval({ low, high }: { low: number | null; high: number | null }, unit: Unit): string {
  return low === null || high === null ? "-" : `${signed(low, unit)} to ${signed(high, unit)}`;
}

function signed(value: number, unit: Unit): string {
  if (unit === "share") return `${value > 0 ? "+" : ""}${digits(100 * value)} points`;
  return `${value > 0 ? "+" : value < 0 ? "-" : ""}${show(Math.abs(value), unit)}`;
}

function show(value: number | null, unit: Unit): string {
  if (value === null) return "-";
  switch (unit) {
    case "ns":
      return duration(value);
    case "ms":
      return duration(value * 1e6);
    case "bytes":
      return bytes(value);
    case "GBps":
      return `${digits(value, 4)} GB/s`;
    case "share":
      return percent(value);
    case "count":
      return count(value);
  }
}
