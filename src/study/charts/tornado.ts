import { formatMetric, metricOf } from "../sweep/metric.js";
import type { Effect, TornadoReport } from "../tornado/effects.js";
import { showWritten } from "../tornado/text.js";
import { ChartError } from "./render.js";
import { type ChartSpec, LOOKS, PALETTE } from "./spec.js";

const WIDTH = 460;
const BAR_HEIGHT = 20;
const MAX_BARS = 25;

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
  const furthest = values.reduce((most, { change }) => Math.max(most, Math.abs(change)), 0);
  const figure = metricOf(metric).name;
  const x = {
    field: "change",
    type: "quantitative",
    title: `change of ${figure} (%)`,
    // Room for the values at the ends of the bars.
    scale: { domain: [-1.3 * furthest, 1.3 * furthest], nice: false },
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
  const text = (side: "left" | "right") => ({
    transform: [{ filter: side === "left" ? "datum.change < 0" : "datum.change > 0" }],
    mark: {
      type: "text",
      align: side === "left" ? "right" : "left",
      dx: side === "left" ? -4 : 4,
      fontSize: 9,
      color: "#444",
    },
    encoding: { x, text: { field: "value", type: "nominal" } },
  });
  const more = effects.length > drawn.length ? `; the ${MAX_BARS} most effective of ${effects.length}` : "";
  const over = seeds.length > 1 ? `; means over ${seeds.length} seeds` : "";
  return {
    ...LOOKS,
    title: {
      text: title ?? `What the ${figure} depends on: each parameter by ${by}`,
      subtitle: `${scenario}: ${formatMetric(metric, base.value)}${over}${more}`,
    },
    width: WIDTH,
    height: { step: BAR_HEIGHT },
    data: { values },
    encoding: { y },
    layer: [
      { mark: { type: "bar", height: { band: 0.72 }, opacity: 0.85 }, encoding: { x: { ...x, stack: null }, color } },
      text("left"),
      text("right"),
      { mark: { type: "rule", color: "#444" }, encoding: { x: { datum: 0 }, y: null } },
    ],
  };
}

function barsOf({ name, low, high }: Effect, sides: readonly string[]) {
  return [low, high].flatMap(({ value, change }, i) =>
    change === null
      ? []
      : [{ parameter: name, side: sides[i]!, value: showWritten(value), change: 100 * change.value }],
  );
}
