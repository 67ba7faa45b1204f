import { counted } from "../../answer/text/units.js";
import type { ShootoutDocument } from "../shootout/document.js";
import { FIGURES } from "../shootout/figures.js";
import { axisTitle, type ChartSpec, LOOKS, PALETTE, scaleOf } from "./spec.js";

const PANEL_WIDTH = 250;
const BAR_HEIGHT = 17;
const PANELS_PER_ROW = 3;

/**
 * Bars of the figure that the shoot-out ranks by: a panel for each pattern, a bar with its 95 %
 * interval for each policy, the best over all first.
 */
export function shootoutChart(doc: ShootoutDocument): ChartSpec {
  const figure = figureOf(doc);
  const ranked = doc.overall?.entries.map(({ policy }) => policy) ?? [];
  const policies = [...ranked, ...doc.policies.map(({ name }) => name).filter((name) => !ranked.includes(name))];
  const { scenario, topology, seeds } = doc;
  const better = figure.isGain ? "more is better" : "less is better";
  const panels = doc.patterns.map((pattern) => panelOf(doc, pattern, policies));
  return {
    ...LOOKS,
    title: {
      text: `Routing on ${topology.gpus.toLocaleString("en-US")} GPUs, ${topology.kind}: ${figure.label}`,
      subtitle: [
        `${scenario.name}; mean and 95 % interval over ${counted(seeds.length, "seed")}, ${better}`,
        "Policies that share a letter within a panel do not differ significantly.",
      ],
    },
    columns: Math.min(PANELS_PER_ROW, Math.max(1, panels.length)),
    spacing: 28,
    concat: panels,
    resolve: { scale: { x: "independent", color: "shared" } },
  };
}

function figureOf({ rankedBy }: ShootoutDocument) {
  return FIGURES.find(({ name }) => name === rankedBy)!;
}

/** The bars of one pattern, each with its interval and the letters of its group. */
function panelOf(doc: ShootoutDocument, pattern: ShootoutDocument["patterns"][number], policies: readonly string[]) {
  const estimates = pattern.policies.flatMap(({ policy, figures }) => {
    const estimate = figures[doc.rankedBy];
    return estimate === null ? [] : [{ policy, estimate }];
  });
  const scale = scaleOf(
    figureOf(doc).unit,
    estimates.map(({ estimate }) => estimate.high ?? estimate.value),
  );
  const most =
    estimates.reduce((top, { estimate: { high, value } }) => Math.max(top, high ?? value), 0) / scale.divisor;
  const values = estimates.map(({ policy, estimate: { value, low, high } }) => {
    const group = pattern.ranking?.entries.find((entry) => entry.policy === policy)?.group ?? "";
    const drawn = (number: number | null) => (number === null ? null : number / scale.divisor);
    return { policy, group, value: drawn(value), low: drawn(low), high: drawn(high) ?? drawn(value) };
  });
  const y = {
    field: "policy",
    type: "nominal",
    scale: { domain: policies },
    axis: { title: null, ticks: false, domain: false, labelPadding: 6 },
  };
  return {
    title: { text: pattern.name, anchor: "start", fontSize: 12, offset: 6 },
    width: PANEL_WIDTH,
    height: { step: BAR_HEIGHT },
    data: { values },
    encoding: { y },
    layer: [
      {
        mark: { type: "bar", height: { band: 0.72 } },
        encoding: {
          x: {
            field: "value",
            type: "quantitative",
            title: axisTitle(figureOf(doc).label, scale),
            axis: { tickCount: 5 },
            // Room for the letters.
            scale: { domainMin: 0, domainMax: 1.08 * most },
          },
          color: { field: "policy", type: "nominal", scale: { domain: policies, range: PALETTE }, legend: null },
        },
      },
      {
        mark: { type: "rule", strokeWidth: 1.5, color: "#222" },
        encoding: { x: { field: "low", type: "quantitative" }, x2: { field: "high" } },
      },
      {
        mark: { type: "text", align: "left", dx: 5, fontSize: 10, color: "#444" },
        encoding: { x: { field: "high", type: "quantitative" }, text: { field: "group", type: "nominal" } },
      },
    ],
  };
}
