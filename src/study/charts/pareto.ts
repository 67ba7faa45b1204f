import { costUsd, paretoPoints, varyingAxes } from "./pareto-points.js";
import { ChartError } from "./render.js";
import { axisTitle, type ChartSpec, LOOKS, PALETTE, scaleOf } from "./spec.js";
import { type ChartRow, lastOf } from "./sweep.js";

const WIDTH = 560;
const HEIGHT = 380;
const USD_PER_MILLION = 1e6;

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
  const values = points.map((point) => ({
    cost: costUsd(point) / USD_PER_MILLION,
    low: point.lowUsd / USD_PER_MILLION,
    high: point.highUsd / USD_PER_MILLION,
    jct: point.jctNs / scale.divisor,
    kilowatts: point.watts / 1000,
    label: point.isOnFront ? point.values : "",
    group: point.isOnFront ? "on the front" : "beaten",
  }));
  const y = { field: "jct", type: "quantitative", title: axisTitle("JCT", scale), scale: { zero: false, padding: 24 } };
  const x = { type: "quantitative", title: "cost of the fabric (M US$)", scale: { zero: false, padding: 24 } };
  const onFront = [{ filter: "datum.label !== ''" }];
  return {
    ...LOOKS,
    title: {
      text: title ?? "JCT against cost",
      subtitle: [
        "ranges of prices; the line joins those that no other beats in both",
        `labels: ${varyingAxes(rows).map(lastOf).join(", ")}`,
      ],
    },
    width: WIDTH,
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
        encoding: {
          x: { ...x, field: "cost" },
          y,
          size: { field: "kilowatts", type: "quantitative", title: "power (kW)", scale: { range: [30, 200] } },
          color: {
            field: "group",
            type: "nominal",
            title: null,
            scale: { domain: ["on the front", "beaten"], range: [PALETTE[0], "#999"] },
          },
        },
      },
      {
        transform: onFront,
        mark: { type: "text", align: "left", baseline: "bottom", dx: 5, dy: -4, fontSize: 9 },
        encoding: { x: { ...x, field: "cost" }, y, text: { field: "label", type: "nominal" } },
      },
    ],
  };
}
