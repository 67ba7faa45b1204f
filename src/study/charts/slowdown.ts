import type { ResultDocument } from "../../answer/result/document.js";
import { binName } from "../../answer/result/jobs-text.js";
import { ChartError } from "./render.js";
import { type ChartSpec, LOOKS, PALETTE, SIZES, titleOf } from "./spec.js";

const HEIGHT = 340;
const FIGURES = ["p50", "p99"] as const;

/**
 * Slowdowns of flows by their sizes: p50 and p99 of each bin, on a logarithmic scale.
 * @throws ChartError where the result has no messages that came to their end
 */
export function slowdownChart({ fctSlowdown, scenario, topology }: ResultDocument, title?: string): ChartSpec {
  if (fctSlowdown === undefined) {
    throw new ChartError("the result has no slowdowns of flows; run a workload of kind flows, e.g. pattern: poisson");
  }
  const { all, bins } = fctSlowdown;
  const values = bins.flatMap((bin) =>
    FIGURES.map((figure) => ({ size: `${binName(bin)} (${bin.flows})`, figure, slowdown: bin[figure], base: 1 })),
  );
  return {
    ...LOOKS,
    title: titleOf(
      title ?? "FCT slowdown by size of flows",
      `${scenario.name}: ${all.flows} flows on ${topology.gpus.toLocaleString("en-US")} GPUs, ${topology.kind}; flows of each bin in brackets`,
    ),
    width: SIZES.plot,
    height: HEIGHT,
    data: { values },
    mark: { type: "bar" },
    encoding: {
      x: { field: "size", type: "nominal", sort: null, axis: { title: "size of the flow", labelAngle: 0 } },
      xOffset: { field: "figure", type: "nominal" },
      // Bars stand on 1: no flow can be faster.
      y: {
        field: "slowdown",
        type: "quantitative",
        title: "slowdown",
        scale: { type: "log", domainMin: 1, nice: true },
      },
      y2: { field: "base" },
      color: { field: "figure", type: "nominal", scale: { domain: FIGURES, range: PALETTE }, legend: { title: null } },
    },
  };
}
