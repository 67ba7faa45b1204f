/** Tables of groups, for people. */
import { formatMetric, metricOf } from "./metric.js";
import { showValue } from "./point.js";
import type { Group } from "./summary.js";

/**
 * One row per group: the axes, points, and mean, p50 and p99 of each metric, or its value where
 * groups have one point.
 */
export function formatGroups(groups: readonly Group[], by: readonly string[], metrics: readonly string[]): string {
  const isSingle = groups.every(({ points }) => points === 1);
  const hasGaps = groups.some(({ missing, unfinished }) => missing + unfinished > 0);
  const header = [
    ...by,
    ...(isSingle ? [] : ["points"]),
    ...metrics
      .map((metric) => metricOf(metric).name)
      .flatMap((name) => (isSingle ? [name] : [`${name} mean`, "p50", "p99"])),
    ...(hasGaps ? [""] : []),
  ];
  const lines = groups.map((group) => [
    ...group.values.map(showValue),
    ...(isSingle ? [] : [`${group.points}`]),
    ...metrics.flatMap((metric) => {
      const found = group.metrics[metric];
      if (found === null || found === undefined) return isSingle ? ["-"] : ["-", "-", "-"];
      const shown = [found.mean, found.p50, found.p99].map((value) => formatMetric(metric, value));
      return isSingle ? shown.slice(0, 1) : shown;
    }),
    ...(hasGaps ? [describeGaps(group)] : []),
  ]);
  return formatColumns([header, ...lines], by.length);
}

function describeGaps({ missing, unfinished }: Group): string {
  const parts = [missing > 0 ? `${missing} missing` : "", unfinished > 0 ? `${unfinished} could not finish` : ""];
  return parts.filter((part) => part !== "").join(", ");
}

/** @param left columns that are aligned to the left; the last one is too where it is words */
export function formatColumns(rows: readonly (readonly string[])[], left: number): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const isWords = (column: number) => column < left || rows[0]![column] === "";
  return rows
    .map((row) => {
      const cells = row.map((cell, i) => (isWords(i) ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)));
      return `${cells.join("  ").trimEnd()}\n`;
    })
    .join("");
}
