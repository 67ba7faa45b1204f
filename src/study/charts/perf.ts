import type { PerfDocument, PerfFigures, PerfRow } from "../perf/document.js";
import { BYTES_TEXT } from "./axis.js";
import { type ChartSpec, LOOKS, PALETTE, SIZES, titleOf } from "./spec.js";

const HEIGHT = 300;

/** Bus bandwidth and time over size, on logarithmic scales: runs, and what stands beside them. */
export function perfChart({ rows, collective, scenario, topology }: PerfDocument, title?: string): ChartSpec {
  const lines: [string, (row: PerfRow) => PerfFigures | null | undefined][] = [
    ["heddle", ({ simulated }) => simulated],
    ["NCCL's model", ({ nccl }) => nccl],
    ["measured", ({ measured }) => measured],
  ];
  const values = lines.flatMap(([line, figures]) =>
    rows.flatMap((row) => {
      const found = figures(row);
      return found ? [{ line, size: row.sizeBytes, busbw: found.busbwGBps, time: found.timeUs }] : [];
    }),
  );
  const drawn = [...new Set(values.map(({ line }) => line))];
  const panel = (field: string, unit: string) => ({
    width: SIZES.plot,
    height: HEIGHT,
    mark: { type: "line", point: true },
    encoding: {
      x: {
        field: "size",
        type: "quantitative",
        title: "size",
        scale: { type: "log", base: 2, nice: false },
        axis: { values: rows.map(({ sizeBytes }) => sizeBytes), labelExpr: BYTES_TEXT, labelOverlap: "greedy" },
      },
      y: { field, type: "quantitative", title: unit, scale: { type: "log", nice: false }, axis: { format: "~g" } },
      color: { field: "line", type: "nominal", scale: { domain: drawn, range: PALETTE }, legend: { title: null } },
    },
  });
  return {
    ...LOOKS,
    title: titleOf(
      title ?? `${collective}: bus bandwidth and time by size`,
      `${scenario.name}: ${topology.gpus.toLocaleString("en-US")} GPUs, ${topology.kind}`,
    ),
    data: { values },
    vconcat: [panel("busbw", "bus bandwidth (GB/s)"), panel("time", "time (us)")],
  };
}
