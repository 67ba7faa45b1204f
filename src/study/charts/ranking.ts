import { didYouMean } from "../../scenario/types/suggest.js";
import { mean } from "../../util/stats/mean.js";
import type { InvalidPoint } from "../sweep/expansion.js";
import { formatMetric, metricOf } from "../sweep/metric.js";
import { ChartError } from "./render.js";
import { axisTitle, type ChartSpec, LOOKS, PALETTE, scaleOf } from "./spec.js";
import { type ChartRow, lastOf, textOf } from "./sweep.js";

export interface RankingOptions {
  /** Metric that points are ranked by. */
  readonly y: string;
  /** Bars: of the best points, and of those that were refused. */
  readonly count: number;
  readonly title?: string;
}

const WIDTH = 420;
const BAR_HEIGHT = 20;
const MAX_REFUSED = 15;
/** Of the reason of a refusal. */
const LONGEST_REASON = 90;
/** Of these the largest is the best; of all others the smallest. */
const MORE_IS_BETTER = /^(mfu|tokensPerSecond|gpuUtilisation|efficiency|linkUtilisation\w+|\w+GBps)$/;

/**
 * The best points of a sweep as bars, the best one on top, each a mean over its seeds. Below stand
 * points that were refused, with the reason.
 * @throws ChartError where there is no such metric, or nothing to draw
 */
export function rankingChart(
  rows: readonly ChartRow[],
  refused: readonly InvalidPoint[],
  { y, count, title }: RankingOptions,
): ChartSpec {
  const metrics = [...new Set(rows.flatMap((row) => Object.keys(row.metrics)))];
  if (!metrics.includes(y))
    throw new ChartError(`there is no metric ${y}${didYouMean(y, metrics)}; there are ${metrics.join(", ")}`);
  const names = varying([...rows, ...refused]);
  const ranked = ranking(rows, y, names);
  if (ranked.length === 0) throw new ChartError(`there is nothing to draw: no point has ${y}`);
  const best = ranked.slice(0, count);
  const { name, unit } = metricOf(y);
  const scale = scaleOf(
    unit,
    best.map(({ value }) => value),
  );
  const left = refused.slice(0, MAX_REFUSED);
  const values = [
    ...best.map(({ label, value }) => ({ label, value: value / scale.divisor, text: formatMetric(y, value) })),
    ...left.map(({ axes, message }) => ({ label: nameOf(axes, names), value: 0, text: `refused: ${short(message)}` })),
  ];
  const isRefused = { condition: { test: "datum.value === 0", value: PALETTE[1] }, value: "#444" };
  const x = { field: "value", type: "quantitative", title: axisTitle(name, scale), scale: { zero: true } };
  return {
    ...LOOKS,
    title: { text: title ?? `The best by ${name}`, subtitle: subtitleOf(ranked.length, best.length, refused.length) },
    width: WIDTH,
    height: { step: BAR_HEIGHT },
    data: { values },
    encoding: {
      y: { field: "label", type: "nominal", sort: null, axis: { title: null, ticks: false, labelPadding: 6 } },
      x,
    },
    layer: [
      { mark: { type: "bar", height: { band: 0.72 }, color: PALETTE[0], opacity: 0.85 } },
      {
        mark: { type: "text", align: "left", dx: 4, fontSize: 9 },
        encoding: { text: { field: "text", type: "nominal" }, color: isRefused },
      },
    ],
  };
}

function ranking(rows: readonly ChartRow[], y: string, names: readonly string[]) {
  const values = new Map<string, number[]>();
  for (const { axes, metrics } of rows) {
    const value = metrics[y];
    if (typeof value !== "number") continue;
    const label = nameOf(axes, names);
    values.set(label, [...(values.get(label) ?? []), value]);
  }
  const way = MORE_IS_BETTER.test(y) ? -1 : 1;
  return [...values].map(([label, all]) => ({ label, value: mean(all) })).sort((a, b) => way * (a.value - b.value));
}

/** Axes with several values. */
function varying(points: readonly { readonly axes: ChartRow["axes"] }[]): string[] {
  const axes = [...new Set(points.flatMap((point) => Object.keys(point.axes)))];
  return axes.filter((axis) => new Set(points.map((point) => textOf(point.axes[axis]))).size > 1);
}

function nameOf(axes: ChartRow["axes"], names: readonly string[]): string {
  return names.map((name) => `${lastOf(name)} ${textOf(axes[name])}`).join(", ");
}

function subtitleOf(points: number, drawn: number, refused: number): string {
  const parts = [
    drawn < points ? `the best ${drawn} of ${points} points` : `${points} ${points === 1 ? "point" : "points"}`,
    ...(refused === 0 ? [] : [`${refused} refused`]),
    ...(refused > MAX_REFUSED ? [`${MAX_REFUSED} of them shown`] : []),
  ];
  return parts.join("; ");
}

function short(message: string): string {
  return message.length <= LONGEST_REASON ? message : `${message.slice(0, LONGEST_REASON)}...`;
}
