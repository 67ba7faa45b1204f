import { counted } from "../../answer/text/units.js";
import type { ShootoutDocument } from "../shootout/document.js";
import { FIGURES } from "../shootout/figures.js";
import { axisTitle, type ChartSpec, LOOKS, PALETTE, SIZES, scaleOf, titleOf } from "./spec.js";

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
    title: titleOf(
      `Routing on ${topology.gpus.toLocaleString("en-US")} GPUs, ${topology.kind}: ${figure.label}`,
      `${scenario.name}; mean and 95 % interval over ${counted(seeds.length, "seed")}, ${better}`,
      "Policies that share a letter within a panel do not differ significantly.",
    ),
    columns: 1,
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
    title: { text: pattern.name, anchor: "start", fontSize: SIZES.text, offset: 6 },
    width: SIZES.bars,
    height: { step: SIZES.barStep },
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
        mark: { type: "text", align: "left", dx: 5, color: "#444" },
        encoding: { x: { field: "high", type: "quantitative" }, text: { field: "group", type: "nominal" } },
      },
    ],
  };
}
