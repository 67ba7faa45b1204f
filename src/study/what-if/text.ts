import { columns } from "../../answer/text/layout-text.js";
import type { Style } from "../../answer/text/style.js";
import { counted, digits, duration, exactDuration } from "../../answer/text/units.js";
import { hanging, WIDTH, wrap } from "../../util/wrap.js";
import type { ChangeOutcome, PartCurve, PathSweep, Saving, WhatIfDocument } from "./document.js";
import type { LeftOutPart } from "./parts.js";

/** What changes buy, as people read it. Ends with a newline. */
export function formatWhatIf(document: WhatIfDocument, style: Style): string {
  const { changes, path } = document;
  const sections = [
    headline(document, style),
    changes.length === 0 ? [] : changeLines(document, style),
    changes.flatMap(fabricLines),
    changes.length === 0 ? [] : causeLines(changes.at(-1)!, style),
    path === null ? [] : pathLines(path, style),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function headline({ scenario, base, seeds, status }: WhatIfDocument, { bold, dim, warn }: Style): string[] {
  const over = seeds.length > 1 ? dim(`, mean over ${counted(seeds.length, "seed")}`) : "";
  const time = base.jctNs === null ? warn(`not finished: ${base.failure}`) : bold(`JCT ${exactDuration(base.jctNs)}`);
  const cut = status === "cancelled" ? [warn("Interrupted: what had not ended by then is missing.")] : [];
  return [`${bold(scenario.name)}  as it is: ${time}${over}`, ...cut];
}

function nameOf({ set }: ChangeOutcome): string {
  return set.length > 1 ? "all at once" : set[0]!;
}

function changeLines({ changes, seeds }: WhatIfDocument, { bold, dim, warn }: Style): string[] {
  const hasInterval = seeds.length > 1;
  const header = ["change", "JCT", "saves", "", ...(hasInterval ? ["95 % interval"] : [])];
  const rows = changes.map((change) => {
    if (change.jctNs === null)
      return [nameOf(change), change.failure ?? "not run", "", "", ...(hasInterval ? [""] : [])];
    const { saved } = change;
    return [
      nameOf(change),
      duration(change.jctNs),
      saved === null ? "-" : signedTime(saved.ns),
      saved === null ? "" : `${digits(100 * saved.share)} %`,
      ...(hasInterval ? [interval(saved)] : []),
    ];
  });
  const sides = ["left", ...header.slice(1).map(() => "right")] as ("left" | "right")[];
  const [titles, ...lines] = columns([header, ...rows], sides);
  return [
    bold("What a change buys"),
    dim(`  ${titles}`),
    ...lines.map((line, i) => (changes[i]!.jctNs === null ? warn(`  ${line}`) : `  ${line}`)),
  ];
}

/** A change of rates may count the ports of switches anew. */
function fabricLines({ set, fabric }: ChangeOutcome): string[] {
  if (fabric === null || set.length > 1) return [];
  const { before, after } = fabric;
  const rate = /^(links\.\w+)\.rate=/.exec(set[0]!)?.[1];
  const size = `${counted(after.switches, "switch", "switches")} and ${counted(after.links, "link")}, instead of ${before.switches} and ${before.links}`;
  const advice = rate === undefined ? "" : `; ${rate}.portRate=… keeps the fabric as it is`;
  return hanging(`${set[0]} builds another fabric: ${size}${advice}.`);
}

function signedTime(ns: number): string {
  return ns < 0 ? `-${duration(-ns)}` : duration(ns);
}

function interval(saved: Saving | null): string {
  if (saved === null || saved.lowNs === null || saved.highNs === null) return "-";
  return `${signedTime(saved.lowNs)} to ${signedTime(saved.highNs)}`;
}

function causeLines(change: ChangeOutcome, { bold, dim }: Style): string[] {
  const causes = change.explanation.filter(({ differenceNs }) => differenceNs !== 0);
  if (causes.length === 0) return [];
  const rows = causes.map(({ cause, beforeNs, afterNs, differenceNs }) => [
    cause,
    duration(beforeNs),
    duration(afterNs),
    signedTime(-differenceNs),
  ]);
  const [titles, ...lines] = columns(
    [["cause", "as it is", "changed", "saves"], ...rows],
    ["left", "right", "right", "right"],
  );
  return [bold(`Where it comes from: ${nameOf(change)}`), dim(`  ${titles}`), ...lines.map((line) => `  ${line}`)];
}

const LESSER_SHOWN = 8;

function pathLines({ shares, parts, lesser, leftOut }: PathSweep, { bold, dim }: Style): string[] {
  const title = bold("What a faster part buys: how much faster the job is where one part is faster");
  const missing = leftOutLines(leftOut).map(dim);
  if (parts.length === 0) return [title, "  The scenario has no part that could be faster.", ...missing];
  const header = ["part", "as it is", ...shares.map((share) => `+${digits(100 * share)} %`)];
  const rows = parts.map(({ name, value, points }) => [
    name,
    value,
    ...shares.map((share) => speedup(points.find((point) => point.share === share))),
  ]);
  const sides = ["left", ...header.slice(1).map(() => "right")] as ("left" | "right")[];
  const [titles, ...lines] = columns([header, ...rows], sides);
  return [
    title,
    dim(`  ${titles}`),
    ...lines.map((line) => `  ${line}`),
    ...lesserLines(lesser, shares.at(-1)!).map(dim),
    ...missing,
  ];
}

/** Parts without effect on one line: a scenario has several, and their names say enough. */
function leftOutLines(leftOut: readonly LeftOutPart[]): string[] {
  const hasNoEffect = ({ reason }: LeftOutPart) => reason.startsWith("has no effect");
  const others = leftOut.filter((part) => !hasNoEffect(part));
  const idle = leftOut.filter(hasNoEffect).map(({ name }) => name);
  return [
    ...others.map(({ name, value, reason }) => `Left out: ${name} (${value}): ${reason}.`),
    ...(idle.length === 0 ? [] : [`Without effect here: ${idle.join(", ")}.`]),
  ].flatMap((text) => wrap(text, WIDTH - 2).map((line) => `  ${line}`));
}

function speedup(point: PartCurve["points"][number] | undefined): string {
  if (point === undefined) return "-";
  if (point.jobShare === null) return "not finished";
  const percent = digits(100 * point.jobShare);
  return `${point.jobShare > 0 ? "+" : ""}${percent} %`;
}

function lesserLines(lesser: readonly PartCurve[], share: number): string[] {
  if (lesser.length === 0) return [];
  const shown = lesser.slice(0, LESSER_SHOWN).map(({ name, points }) => `${name} ${speedup(points[0])}`);
  const more = lesser.length > LESSER_SHOWN ? `, and ${lesser.length - LESSER_SHOWN} more` : "";
  return wrap(`By +${digits(100 * share)} %: ${shown.join(", ")}${more}.`, WIDTH - 2).map((line) => `  ${line}`);
}
