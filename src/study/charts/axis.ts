import type { Estimate } from "../../util/stats/bootstrap.js";
import { axisTitle, type ChartSpec, LOOKS, PALETTE, SIZES, scaleOf, titleOf } from "./spec.js";

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
  readonly points: readonly AxisPoint[];
}

export interface AxisPoint {
  readonly at: number | string;
  /** What stands under a number, in place of the number and its unit. */
  readonly label?: string;
  readonly group?: string;
  readonly estimate: Estimate;
}

const HEIGHT = 340;
/** Pixels between the outermost points and the frame. */
const PADDING = 18;
/** Of a character of a label, with room beside it. */
const LABEL_PIXELS = 9;
/** Up to this number, each value on an axis has a label; more get round ticks. */
const MAX_LABELS = 8;

/** Points with 95 % intervals where there are any, joined by lines where they are over numbers. */
export function axisChart({ title, subtitle, axis, figure, groupTitle, points }: AxisChart): ChartSpec {
  const scale = scaleOf(
    figure.unit,
    points.map(({ estimate }) => estimate.high ?? estimate.value),
  );
  const groups = [...new Set(points.map(({ group }) => group ?? ""))];
  const values = points.map(({ at, group = "", estimate: { value, low, high } }) => {
    const drawn = (number: number | null) => (number === null ? value : number) / scale.divisor;
    return { at, group, value: drawn(value), low: drawn(low), high: drawn(high) };
  });
  const y = {
    type: "quantitative",
    title: axisTitle(figure.title, scale),
    scale: figure.isLogarithmic ? { type: "log", nice: false, padding: PADDING } : { zero: true },
  };
  const legend = groups.length > 1 ? { title: groupTitle ?? null } : null;
  const color = { field: "group", type: "nominal", scale: { domain: groups, range: PALETTE }, legend };
  // Between numbers there is something that a line can stand for, between categories nothing.
  const isOrdered = hasNumbers(points);
  const line = { mark: { type: "line", strokeWidth: 2 }, encoding: { y: { ...y, field: "value" } } };
  const apart = { xOffset: { field: "group", type: "nominal", scale: { domain: groups } } };
  return {
    ...LOOKS,
    title: titleOf(title, ...(subtitle === undefined ? [] : [subtitle])),
    width: SIZES.plot,
    height: HEIGHT,
    data: { values },
    encoding: { x: acrossOf(axis, points), color, ...(!isOrdered && groups.length > 1 ? apart : {}) },
    layer: [
      ...(isOrdered ? [line] : []),
      {
        mark: { type: "rule", strokeWidth: 1.5, opacity: 0.8 },
        encoding: { y: { ...y, field: "low" }, y2: { field: "high" } },
      },
      { mark: { type: "point", filled: true, size: 40, opacity: 1 }, encoding: { y: { ...y, field: "value" } } },
    ],
  };
}

function hasNumbers(points: AxisChart["points"]): boolean {
  return points.every(({ at }) => typeof at === "number");
}

function acrossOf({ title, unit = "", isLogarithmic }: AxisChart["axis"], points: AxisChart["points"]) {
  const numbers = [...new Set(points.map(({ at }) => at))].filter((at) => typeof at === "number");
  if (!hasNumbers(points)) {
    // Long names do not fit beside one another.
    const longest = points.reduce((most, { at }) => Math.max(most, `${at}`.length), 0);
    const categories = new Set(points.map(({ at }) => at)).size;
    const isTight = longest * categories * LABEL_PIXELS > SIZES.plot;
    return {
      field: "at",
      title,
      type: "ordinal",
      sort: null,
      scale: { paddingInner: 0.4 },
      axis: { labelAngle: isTight ? -40 : 0 },
    };
  }
  const scale = isLogarithmic
    ? { type: "log", nice: false, padding: PADDING }
    : { zero: false, nice: false, padding: PADDING };
  return {
    field: "at",
    title,
    type: "quantitative",
    scale,
    axis: ticks(numbers, { unit, isLogarithmic: isLogarithmic === true }, points),
  };
}

/** Values as people write them, under each of a few, or under round ones of many. */
function ticks(
  numbers: readonly number[],
  { unit, isLogarithmic }: { unit: string; isLogarithmic: boolean },
  points: readonly AxisPoint[],
) {
  if (numbers.length <= MAX_LABELS) {
    const written = new Map(points.map(({ at, label }) => [at, label]));
    const labels = Object.fromEntries(numbers.map((number) => [number, written.get(number) ?? labelOf(number, unit)]));
    return { values: numbers, labelExpr: `(${JSON.stringify(labels)})[datum.value]`, labelOverlap: "greedy" };
  }
  const { divisor, unit: name } = scaleOf(unit, numbers);
  // Round ones are those of the unit: 64 KiB, not 50,000 B.
  const values = unit === "bytes" ? { values: roundBytes(numbers, isLogarithmic) } : {};
  const text =
    unit === "bytes"
      ? BYTES_TEXT
      : `format(datum.value / ${divisor}, "~g") + ${JSON.stringify(name === "" ? "" : ` ${name}`)}`;
  return { ...values, labelExpr: text, labelOverlap: "greedy" };
}

/** A size with the unit that fits it, as Vega computes it. */
export const BYTES_TEXT = [2 ** 30, 2 ** 20, 2 ** 10, 1]
  .map(
    (size, i) => `datum.value >= ${size} ? format(datum.value / ${size}, "~g") + " ${["GiB", "MiB", "KiB", "B"][i]}"`,
  )
  .join(" : ")
  .concat(' : "0"');

/** Powers of two in the range of some sizes, or, on a linear scale, multiples of one. */
function roundBytes(numbers: readonly number[], isLogarithmic: boolean): number[] {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  if (isLogarithmic) {
    const octaves = Math.floor(Math.log2(most)) - Math.ceil(Math.log2(least)) + 1;
    const every = Math.ceil(octaves / MAX_LABELS);
    const first = 2 ** Math.ceil(Math.log2(least));
    return Array.from({ length: Math.ceil(octaves / every) }, (_, i) => first * 2 ** (i * every));
  }
  const step = 2 ** Math.ceil(Math.log2(Math.max(1, (most - least) / MAX_LABELS)));
  const first = Math.ceil(least / step);
  return Array.from({ length: Math.floor(most / step) - first + 1 }, (_, i) => (first + i) * step);
}

function labelOf(number: number, unit: string): string {
  const { divisor, unit: name } = scaleOf(unit, [number]);
  return `${Number((number / divisor).toPrecision(4))} ${name}`.trim();
}
