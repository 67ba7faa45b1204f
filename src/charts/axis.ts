import type { Estimate } from "../stats/bootstrap.js";
import { axisTitle, type ChartSpec, LOOKS, PALETTE, scaleOf } from "./spec.js";

/** A figure over one axis of a sweep, a line for each group. */
export interface AxisChart {
  readonly title: string;
  readonly subtitle?: string;
  readonly axis: {
    readonly title: string;
    /** Unit of numbers by its name: `ns`, `bytes`, … */
    readonly unit?: string;
    /** Numbers on a logarithmic scale. */
    readonly isLogarithmic?: boolean;
  };
  readonly figure: { readonly title: string; readonly unit: string; readonly isLogarithmic?: boolean };
  /** What the lines are told apart by; absent where there is one. */
  readonly groupTitle?: string;
  /** Numbers are drawn to scale, texts one after the other as they first occur. */
  readonly points: readonly { readonly at: number | string; readonly group?: string; readonly estimate: Estimate }[];
}

const WIDTH = 560;
const HEIGHT = 340;

/** Lines with points, and 95 % intervals where there are any. */
export function axisChart({ title, subtitle, axis, figure, groupTitle, points }: AxisChart): ChartSpec {
  const isNumeric = points.every(({ at }) => typeof at === "number");
  const atScale = scaleOf(axis.unit ?? "", isNumeric ? points.map(({ at }) => at as number) : []);
  const scale = scaleOf(
    figure.unit,
    points.map(({ estimate }) => estimate.high ?? estimate.value),
  );
  const groups = [...new Set(points.map(({ group }) => group ?? ""))];
  const values = points.map(({ at, group = "", estimate: { value, low, high } }) => {
    const drawn = (number: number | null) => (number === null ? null : number / scale.divisor);
    return {
      at: isNumeric ? (at as number) / atScale.divisor : `${at}`,
      group,
      value: drawn(value),
      low: drawn(low) ?? drawn(value),
      high: drawn(high) ?? drawn(value),
    };
  });
  const x = {
    field: "at",
    title: axisTitle(axis.title, atScale),
    ...(isNumeric
      ? { type: "quantitative", scale: axis.isLogarithmic ? { type: "log" } : { zero: false, nice: true } }
      : { type: "ordinal", sort: null, axis: { labelAngle: 0 } }),
  };
  const y = {
    type: "quantitative",
    title: axisTitle(figure.title, scale),
    scale: figure.isLogarithmic ? { type: "log" } : { zero: true },
  };
  const legend = groups.length > 1 ? { title: groupTitle ?? null } : null;
  const color = { field: "group", type: "nominal", scale: { domain: groups, range: PALETTE }, legend };
  return {
    ...LOOKS,
    title: { text: title, ...(subtitle === undefined ? {} : { subtitle }) },
    width: WIDTH,
    height: HEIGHT,
    data: { values },
    encoding: { x, color },
    layer: [
      { mark: { type: "line", strokeWidth: 2 }, encoding: { y: { ...y, field: "value" } } },
      {
        mark: { type: "rule", strokeWidth: 1.5, opacity: 0.8 },
        encoding: { y: { ...y, field: "low" }, y2: { field: "high" } },
      },
      { mark: { type: "point", filled: true, size: 40, opacity: 1 }, encoding: { y: { ...y, field: "value" } } },
    ],
  };
}
