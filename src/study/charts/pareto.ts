import { costUsd, paretoPoints, varyingAxes } from "./pareto-points.js";
import { placeLabels } from "./place-labels.js";
import { ChartError } from "./render.js";
import { axisTitle, type ChartSpec, LOOKS, PALETTE, SIZES, scaleOf, titleOf } from "./spec.js";
import { type ChartRow, lastOf } from "./sweep.js";

const HEIGHT = 340;
/** Room beside the outermost values, as a share of their range. */
const MARGIN = 0.12;
/** Pixels from the middle of the largest mark to its edge. */
const MARK_HALF = 7;
const USD_PER_MILLION = 1e6;

/** How points look: larger with more power, grey where another one beats them. */
const MARKS = {
  size: {
    field: "kilowatts",
    type: "quantitative",
    title: "power (kW)",
    scale: { range: [30, 200] },
    legend: { tickCount: 3 },
  },
  color: {
    field: "group",
    type: "nominal",
    title: null,
    scale: { domain: ["on the front", "beaten"], range: [PALETTE[0], "#999"] },
  },
} as const;

/**
 * JCT against the cost of the fabric: a point for each combination of a sweep's axes, with the
 * range of prices, and a line through those that no other beats in both.
 * @throws ChartError where no point has a JCT and a cost
 */
export function paretoChart(rows: readonly ChartRow[], title?: string): ChartSpec {
  const points = paretoPoints(rows);
  if (points.length === 0) throw new ChartError("there is nothing to draw: no point has a JCT and a cost");
  const scale = scaleOf(
    "ns",
    points.map(({ jctNs }) => jctNs),
  );
  const front = points.filter(({ isOnFront }) => isOnFront);
  const labels = new Map(front.map((point, i) => [point, `${i + 1}`]));
  const values = points.map((point) => ({
    cost: costUsd(point) / USD_PER_MILLION,
    low: point.lowUsd / USD_PER_MILLION,
    high: point.highUsd / USD_PER_MILLION,
    jct: point.jctNs / scale.divisor,
    kilowatts: point.watts / 1000,
    label: labels.get(point) ?? "",
    group: point.isOnFront ? "on the front" : "beaten",
  }));
  const across = domainOf(values.flatMap(({ low, high }) => [low, high]));
  const up = domainOf(values.map(({ jct }) => jct));
  const y = { field: "jct", type: "quantitative", title: axisTitle("JCT", scale), scale: { domain: up, nice: false } };
  const x = {
    type: "quantitative",
    title: "cost of the fabric (M US$)",
    scale: { domain: across, nice: false },
  };
  const onFront = [{ filter: "datum.label !== ''" }];
  return {
    ...LOOKS,
    title: titleOf(
      title ?? "JCT against cost",
      "bars: ranges of prices",
      "line: points that no other beats in both",
      `${varyingAxes(rows).map(lastOf).join(", ")}:`,
      ...front.map((point, i) => `${i + 1}: ${point.values}`),
    ),
    width: SIZES.plot,
    height: HEIGHT,
    data: { values },
    layer: [
      {
        transform: onFront,
        mark: { type: "line", interpolate: "step-after", strokeWidth: 1.5, color: PALETTE[0] },
        encoding: { x: { ...x, field: "cost" }, y, order: { field: "cost", type: "quantitative" } },
      },
      {
        mark: { type: "rule", strokeWidth: 1, opacity: 0.35 },
        encoding: { x: { ...x, field: "low" }, x2: { field: "high" }, y },
      },
      {
        mark: { type: "point", filled: true, opacity: 0.9 },
        encoding: { x: { ...x, field: "cost" }, y, ...MARKS },
      },
      ...placed(values, across, up).map(({ value, dx, dy }) => ({
        data: { values: [value] },
        mark: { type: "text", align: "center", baseline: "middle", dx, dy },
        encoding: { x: { ...x, field: "cost" }, y, text: { field: "label", type: "nominal" } },
      })),
    ],
  };
}

interface Drawn {
  readonly cost: number;
  readonly low: number;
  readonly high: number;
  readonly jct: number;
  readonly label: string;
}

type Domain = readonly [number, number];

/** The range of some values with room at both ends. */
function domainOf(values: readonly number[]): Domain {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = MARGIN * (most - least || most || 1);
  return [least - room, most + room];
}

/** Points with a label, and where it stands beside their mark. */
function placed<T extends Drawn>(values: readonly T[], across: Domain, up: Domain) {
  const xOf = (cost: number) => (SIZES.plot * (cost - across[0])) / (across[1] - across[0]);
  const yOf = (jct: number) => (HEIGHT * (up[1] - jct)) / (up[1] - up[0]);
  const boxOf = (left: number, right: number, y: number, half: number) => ({
    ...{ left: left - half, right: right + half },
    ...{ top: y - half, bottom: y + half },
  });
  const marks = values.flatMap(({ cost, low, high, jct }) => [
    boxOf(xOf(cost), xOf(cost), yOf(jct), MARK_HALF),
    boxOf(xOf(low), xOf(high), yOf(jct), 1),
  ]);
  const front = values.filter(({ label }) => label !== "");
  const anchors = front.map(({ cost, jct, label }) => ({ x: xOf(cost), y: yOf(jct), text: label }));
  // Steps of the line: along the time of a point to the cost of the next, then to its time.
  const steps = anchors.slice(1).flatMap((next, i) => {
    const { x, y } = anchors[i]!;
    return [boxOf(x, next.x, y, 1), { ...boxOf(next.x, next.x, y, 1), bottom: next.y }];
  });
  const frame = { left: 0, top: 0, right: SIZES.plot, bottom: HEIGHT };
  const offsets = placeLabels(anchors, [...marks, ...steps], { fontSize: SIZES.text, frame });
  return front.map((value, i) => ({ value, ...offsets[i]! }));
}
