import type { WhatIfDocument } from "../what-if/document.js";
import { ChartError } from "./render.js";
import { axisTitle, type ChartSpec, LOOKS, PALETTE, SIZES, scaleOf, titleOf } from "./spec.js";

const PANEL_HEIGHT = 280;

/**
 * Completion times with each change, and how much faster the job is where parts are.
 * @throws ChartError where there is nothing to draw
 */
export function whatIfChart(document: WhatIfDocument, title?: string): ChartSpec {
  const panels = [...changePanel(document), ...pathPanel(document)];
  if (panels.length === 0) throw new ChartError("there is nothing to draw: no run has finished");
  const over = document.seeds.length > 1 ? `; means over ${document.seeds.length} seeds` : "";
  return {
    ...LOOKS,
    title: titleOf(title ?? "What changes would buy", `${document.scenario.name}${over}`),
    vconcat: panels,
    resolve: { legend: { color: "independent" } },
  };
}

function changePanel({ base, changes }: WhatIfDocument): ChartSpec[] {
  const bars = [
    { change: "as it is", jctNs: base.jctNs },
    ...changes.map(({ set, jctNs }) => ({ change: set.length > 1 ? "all at once" : set[0]!, jctNs })),
  ].filter(({ jctNs }) => jctNs !== null);
  if (changes.length === 0 || bars.length === 0) return [];
  const scale = scaleOf(
    "ns",
    bars.map(({ jctNs }) => jctNs!),
  );
  const values = bars.map(({ change, jctNs }) => {
    const time = jctNs! / scale.divisor;
    return { change, time, label: `${Number(time.toPrecision(4))}`, isBase: change === "as it is" };
  });
  const y = {
    field: "change",
    type: "nominal",
    scale: { domain: values.map(({ change }) => change) },
    axis: { title: null, ticks: false, domain: false, labelPadding: 6 },
  };
  const x = { field: "time", type: "quantitative", title: axisTitle("job completion time", scale) };
  return [
    {
      width: SIZES.bars,
      height: { step: SIZES.barStep },
      data: { values },
      layer: [
        {
          mark: { type: "bar", height: { band: 0.7 } },
          encoding: {
            x,
            y,
            color: {
              condition: { test: "datum.isBase", value: PALETTE.at(-2) },
              value: PALETTE[0],
            },
          },
        },
        {
          mark: { type: "text", align: "left", dx: 4, color: "#444" },
          encoding: { x, y, text: { field: "label", type: "nominal" } },
        },
      ],
    },
  ];
}

function pathPanel({ path }: WhatIfDocument): ChartSpec[] {
  const values = (path?.parts ?? []).flatMap(({ name, points }) =>
    [{ share: 0, jobShare: 0 }, ...points].flatMap(({ share, jobShare }) =>
      jobShare === null ? [] : [{ part: name, share: 100 * share, job: 100 * jobShare }],
    ),
  );
  if (values.length === 0) return [];
  const axis = (field: string, title: string) => ({ field, type: "quantitative", title });
  return [
    {
      width: SIZES.bars,
      height: PANEL_HEIGHT,
      data: { values },
      mark: { type: "line", point: true },
      encoding: {
        x: axis("share", "part faster by (%)"),
        y: axis("job", "job faster by (%)"),
        color: {
          field: "part",
          type: "nominal",
          scale: { domain: path!.parts.map(({ name }) => name), range: PALETTE },
          legend: { title: null },
        },
      },
    },
  ];
}
