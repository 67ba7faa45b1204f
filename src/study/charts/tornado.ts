import { formatMetric, metricOf } from "../sweep/metric.js";
import type { Effect, TornadoReport } from "../tornado/effects.js";
import { showWritten } from "../tornado/text.js";
import { ChartError } from "./render.js";
import { type ChartSpec, LOOKS, PALETTE, SIZES, titleOf } from "./spec.js";

const MAX_BARS = 25;
/** Width of a character of a value, as a share of the font's size. */
const CHARACTER_WIDTH = 0.6;
/** Pixels from one bar to the next. */
const LINE_STEP = 18;
/** Pixels between the end of a bar and its value. */
const VALUE_GAP = 4;

/**
 * What each parameter does to a metric: bars from the base to both sides, the most effect on top.
 * @throws ChartError where there is nothing to draw
 */
export function tornadoChart(report: TornadoReport, title?: string): ChartSpec {
  const { scenario, metric, share, seeds, base } = report;
  const effects = report.effects.filter(({ swing }) => swing !== null && swing > 0);
  if (base === null || effects.length === 0) {
    throw new ChartError("there is nothing to draw: no parameter has an effect that is known");
  }
  const drawn = effects.slice(0, MAX_BARS);
  const by = `${Number((100 * share).toPrecision(4))} %`;
  const sides = [`${by} less`, `${by} more`];
  const values = drawn.flatMap((effect) => barsOf(effect, sides));
  const figure = metricOf(metric).name;
  const x = {
    field: "change",
    type: "quantitative",
    title: `change of ${figure} (%)`,
    scale: { domain: domainOf(values), nice: false },
  };
  const y = {
    field: "parameter",
    type: "nominal",
    scale: { domain: drawn.map(({ name }) => name) },
    axis: { title: null, ticks: false, domain: false, labelPadding: 6 },
  };
  const color = {
    field: "side",
    type: "nominal",
    scale: { domain: sides, range: [PALETTE[0], PALETTE[1]] },
    legend: { title: "parameter" },
  };
  // Both bars of a parameter may lie on one side: each has a line of its own.
  const yOffset = { field: "side", type: "nominal", scale: { domain: sides } };
  const text = (side: "left" | "right") => ({
    transform: [{ filter: side === "left" ? "datum.change < 0" : "datum.change > 0" }],
    mark: {
      type: "text",
      align: side === "left" ? "right" : "left",
      dx: side === "left" ? -VALUE_GAP : VALUE_GAP,
      color: "#444",
    },
    encoding: { x, yOffset, text: { field: "value", type: "nominal" } },
  });
  const more = effects.length > drawn.length ? `; the ${MAX_BARS} most effective of ${effects.length}` : "";
  const over = seeds.length > 1 ? `; means over ${seeds.length} seeds` : "";
  return {
    ...LOOKS,
    title: titleOf(
      title ?? `What the ${figure} depends on: each parameter by ${by}`,
      `${scenario}: ${formatMetric(metric, base.value)}${over}${more}`,
    ),
    width: SIZES.bars,
    height: { step: LINE_STEP, for: "offset" },
    data: { values },
    encoding: { y },
    layer: [
      { mark: { type: "bar", opacity: 0.85 }, encoding: { x: { ...x, stack: null }, yOffset, color } },
      text("left"),
      text("right"),
      { mark: { type: "rule", color: "#444" }, encoding: { x: { datum: 0 }, y: null } },
    ],
  };
}

interface Bar {
  readonly value: string;
  readonly change: number;
}

/** Changes from the left edge to the right one, so that the values beside the bars have room. */
function domainOf(bars: readonly Bar[]): [number, number] {
  const sideOf = (own: readonly Bar[]) => ({
    furthest: Math.max(0, ...own.map(({ change }) => Math.abs(change))),
    room: Math.max(0, ...own.map(({ value }) => VALUE_GAP + CHARACTER_WIDTH * SIZES.text * value.length)),
  });
  const [left, right] = [
    sideOf(bars.filter(({ change }) => change < 0)),
    sideOf(bars.filter(({ change }) => change > 0)),
  ];
  const changePerPixel = (left.furthest + right.furthest) / (SIZES.bars - left.room - right.room);
  return [-left.furthest - left.room * changePerPixel, right.furthest + right.room * changePerPixel];
}

function barsOf({ name, low, high }: Effect, sides: readonly string[]) {
  return [low, high].flatMap(({ value, change }, i) =>
    change === null
      ? []
      : [{ parameter: name, side: sides[i]!, value: showWritten(value), change: 100 * change.value }],
  );
}
