/** The critical path as text for a terminal. */
import { WIDTH, wrap } from "../../util/wrap.js";
import { bar, columns } from "../text/layout-text.js";
import type { Style } from "../text/style.js";
import { count, duration, percent } from "../text/units.js";
import type { CriticalPath, PathSegment } from "./document.js";

const LONGEST_MAX = 10;

/** The shares with a sentence each, then the longest segments in order of time. */
export function criticalPathLines({ shares, segments, segmentsLeftOut = 0 }: CriticalPath, style: Style): string[] {
  const { bold, dim } = style;
  const heads = columns(
    shares.map(({ cause, share, ns }) => [cause, bar(share, 24), percent(share), duration(ns)]),
    ["left", "left", "right", "right"],
  );
  const longest = [...segments]
    .sort((a, b) => lengthNs(b) - lengthNs(a) || a.fromNs - b.fromNs)
    .slice(0, LONGEST_MAX)
    .sort((a, b) => a.fromNs - b.fromNs);
  const rows = longest.map((segment) => [
    duration(segment.fromNs),
    duration(lengthNs(segment)),
    segment.kind,
    segment.where,
    `flow ${segment.flow}`,
  ]);
  const [titles, ...lines] = columns(
    [["from", "length", "cause", "where", "path follows"], ...rows],
    ["right", "right", "left", "left", "left"],
  );
  const total = segments.length + segmentsLeftOut;
  return [
    bold("Critical path: what the JCT is made of"),
    ...shares.flatMap(({ text, remedy }, i) => [
      `  ${heads[i]}`,
      ...wrap(text, WIDTH - 4).map((line) => `    ${dim(line)}`),
      ...(remedy === undefined ? [] : wrap(`To try: ${remedy}.`, WIDTH - 4).map((line) => `    ${dim(line)}`)),
    ]),
    "",
    `${bold("Longest segments")}  ${dim(`${rows.length} of ${count(total)}`)}`,
    dim(`  ${titles}`),
    ...lines.map((line) => `  ${line}`),
  ];
}

function lengthNs({ fromNs, toNs }: PathSegment): number {
  return toNs - fromNs;
}
