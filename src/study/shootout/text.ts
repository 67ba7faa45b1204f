import type { TextOptions } from "../../answer/result/text.js";
import { columns } from "../../answer/text/layout-text.js";
import { type Style, styleFor } from "../../answer/text/style.js";
import { bytes, counted, digits, duration, percent } from "../../answer/text/units.js";
import type { Estimate } from "../../util/stats/bootstrap.js";
import { hanging, WIDTH, wrap } from "../../util/wrap.js";
import type { PatternReport, PolicyReport, RankingReport, ShootoutDocument } from "./document.js";
import { FIGURES, type FigureName, type FigureSpec } from "./figures.js";
import { type RankedEntry, SIGNIFICANT } from "./rank.js";

/**
 * The shoot-out as people read it: the ranking over all, then pattern by pattern. Ends with a
 * newline.
 */
export function formatShootout(doc: ShootoutDocument, { color = false }: TextOptions): string {
  const style = styleFor(color);
  const sections = [
    headline(doc, style),
    overallLines(doc, style),
    ...doc.patterns.map((pattern) => patternLines(doc, pattern, style)),
    explanationLines(doc, style),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function specOf(name: FigureName): FigureSpec {
  return FIGURES.find((figure) => figure.name === name)!;
}

function headline(doc: ShootoutDocument, { bold, dim, warn }: Style): string[] {
  const { scenario, topology, policies, patterns, seeds, sizeBytes, notes, leftOut, status } = doc;
  const size = `${counted(policies.length, "policy", "policies")}, ${counted(patterns.length, "pattern")}, ${counted(seeds.length, "seed")}, messages of ${bytes(sizeBytes)}`;
  return [
    ...hanging(`${bold(scenario.name)}  ${size} on ${topology.gpus.toLocaleString("en-US")} GPUs, ${topology.kind}`),
    ...notes.flatMap((note) => wrap(note, WIDTH)).map((line) => dim(line)),
    ...leftOut.flatMap(({ name, reason }) => hanging(`Left out: ${name}: ${reason}.`)).map(warn),
    ...(status === "cancelled" ? [warn("Interrupted: only seeds that all policies have ended count.")] : []),
  ];
}

function overallLines({ overall, patterns, rankedBy }: ShootoutDocument, { bold, dim }: Style): string[] {
  if (overall === null || patterns.length < 2) return [];
  const rows = overall.entries.map(({ policy, value, toBest, group }, i) => [
    `${i + 1}`,
    group,
    policy,
    digits(value),
    ratioText(toBest),
  ]);
  const [titles, ...lines] = columns(
    [["", "", "policy", "x best", "x first (95 %)"], ...rows],
    ["right", "left", "left", "right", "left"],
  );
  const what = `${specOf(rankedBy).label} in relation to the best policy of each pattern and seed, geometric mean`;
  const rule = wrap(what, WIDTH - 2).map((line) => dim(`  ${line}`));
  return [bold("Over all patterns"), ...rule, dim(`  ${titles}`), ...lines.map((line) => `  ${line}`)];
}

function patternLines(doc: ShootoutDocument, pattern: PatternReport, style: Style): string[] {
  const { name, description, seeds, policies, ranking } = pattern;
  const { bold, dim } = style;
  const title = hanging(`${bold(name)}  ${description}`).map((line, i) => (i === 0 ? line : dim(line)));
  if (seeds.length === 0) return [...title, "  No seed has been run with all policies."];
  const ranked = ranking?.entries.map(({ policy }) => policy) ?? [];
  const others = policies.filter(({ policy }) => !ranked.includes(policy));
  const shown = FIGURES.filter((figure) => policies.some(({ figures }) => figures[figure.name] !== null));
  const rankedBy = specOf(doc.rankedBy);
  const header = [
    "",
    "policy",
    rankedBy.title,
    "95 %",
    "x first (95 %)",
    ...rest(shown, rankedBy).map((figure) => figure.title),
  ];
  const row = (report: PolicyReport, entry: RankedEntry | undefined) => [
    entry?.group ?? "-",
    report.policy,
    show(report.figures[rankedBy.name], rankedBy),
    range(report.figures[rankedBy.name], rankedBy),
    entry === undefined ? "-" : ratioText(entry.toBest),
    ...rest(shown, rankedBy).map((figure) => show(report.figures[figure.name], figure)),
  ];
  const reportOf = new Map(policies.map((report) => [report.policy, report]));
  const rows = [
    ...(ranking?.entries ?? []).map((entry) => row(reportOf.get(entry.policy)!, entry)),
    ...others.map((report) => row(report, undefined)),
  ];
  const sides = header.map((_, i) => (i < 2 || i === 4 ? "left" : "right"));
  const [titles, ...lines] = columns([header, ...rows], sides as ("left" | "right")[]);
  return [
    ...title,
    dim(`  ${titles}`),
    ...lines.map((line) => `  ${line}`),
    ...others.flatMap((report) => unfinishedLines(report, seeds.length, style)),
    ...(ranking === null ? [] : verdict(ranking).flatMap((text) => wrap(text, WIDTH - 2).map((line) => `  ${line}`))),
  ];
}

function rest(figures: readonly FigureSpec[], rankedBy: FigureSpec): readonly FigureSpec[] {
  return figures.filter(({ name }) => name !== rankedBy.name);
}

function unfinishedLines({ policy, unfinished }: PolicyReport, seeds: number, { warn }: Style): string[] {
  const [first] = unfinished;
  if (first === undefined) return [];
  return [
    warn(
      `  ${policy} is not ranked: ${unfinished.length} of ${counted(seeds, "run")} did not finish (seed ${first.seed}: ${first.reason})`,
    ),
  ];
}

/** In words: what comes first, and what it is not told apart from. */
function verdict({ entries, pairs }: RankingReport): string[] {
  const [first, ...others] = entries;
  if (others.length === 0) return [];
  const worse = pairs.filter(
    ({ a, b, isSignificant }) => isSignificant && (a === first!.policy || b === first!.policy),
  );
  const known = new Set(worse.flatMap(({ a, b }) => [a, b]));
  const equal = others.filter(({ policy }) => !known.has(policy)).map(({ policy }) => policy);
  if (equal.length === 0) return [`${first!.policy} is significantly better than all others.`];
  const beaten = others.length - equal.length;
  const rest = beaten === 0 ? "" : `; significantly better than the other ${beaten}`;
  return [`${first!.policy} is not told apart from ${equal.join(", ")}${rest}.`];
}

function explanationLines({ overall, policies }: ShootoutDocument, { dim }: Style): string[] {
  const pairs = overall?.pairs.length ?? (policies.length * (policies.length - 1)) / 2;
  const text =
    `Policies that share a letter do not differ significantly at ${100 * SIGNIFICANT} %: sign-flip test of the logarithms of the ratios, paired by seed, ` +
    `Holm's correction over the ${pairs} pairs of a table. "95 %" and brackets are bootstrap intervals. Figures are means over seeds. GB/s, least, FCT and ` +
    "fairness are those of flows that cross the fabric; beside a collective, of the background's flows, but for GB/s, its bus bandwidth.";
  return wrap(text, WIDTH).map((line) => dim(line));
}

function ratioText({ value, low, high }: Estimate): string {
  const two = (ratio: number) => ratio.toFixed(2);
  if (value === 1 && (low === null || low === high)) return "1";
  return low === null || high === null ? two(value) : `${two(value)} (${two(low)} to ${two(high)})`;
}

function show(estimate: Estimate | null, { unit }: FigureSpec): string {
  if (estimate === null) return "-";
  const { value } = estimate;
  switch (unit) {
    case "ns":
      return duration(value);
    case "GBps":
      return digits(value);
    case "share":
      return value === 0 ? "0" : percent(value);
    case "bytes":
      return bytes(value);
    case "index":
      return value.toFixed(3);
  }
}

/** The interval alone; its unit follows from the value beside it. */
function range(estimate: Estimate | null, spec: FigureSpec): string {
  if (estimate === null || estimate.low === null || estimate.high === null) return "-";
  if (estimate.low === estimate.high) return "always";
  const [low, high] = [estimate.low, estimate.high].map((value) => show({ ...estimate, value }, spec).split(" "));
  const unit = low![1] === high![1] ? "" : ` ${low![1]}`;
  return `${low![0]}${unit} to ${high!.join(" ")}`;
}
