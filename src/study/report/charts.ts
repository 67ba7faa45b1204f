/** Drawings of the page. They are inside it, as SVG without links and scripts. */
import type { ResultDocument } from "../../answer/result/document.js";
import type { TimelineResult } from "../../answer/result/document-programs.js";
import { renderSvg } from "../charts/render.js";
import { slowdownChart } from "../charts/slowdown.js";
import { type ChartSpec, LOOKS, PALETTE, scaleOf } from "../charts/spec.js";
import { html, Markup, type Section } from "./html.js";

/** A drawing with its text alternative. */
async function figure(chart: ChartSpec, text: string): Promise<Markup> {
  const svg = await renderSvg(chart);
  // One name and description for the whole drawing; its parts have none of their own.
  const drawing = svg.replace(/ (aria-[a-z]+|role)="[^"]*"/g, "");
  return html`<figure role="img" aria-label="${text}">${new Markup(drawing)}<figcaption>${text}</figcaption></figure>`;
}

const MIN_BINS = 2;

export async function slowdowns(result: ResultDocument): Promise<Section> {
  if ((result.fctSlowdown?.bins.length ?? 0) < MIN_BINS) return null;
  const text = "Slowdown of flows by their size, p50 and p99";
  return { title: "FCT slowdown", body: await figure(slowdownChart(result), text) };
}

const CDF_POINTS = 200;
const MIN_FLOWS = 8;

/** The distribution of flow completion times. */
export async function completionTimes({ flows = [] }: ResultDocument): Promise<Section> {
  const times = flows.flatMap(({ fctNs }) => fctNs ?? []).sort((a, b) => a - b);
  if (times.length < MIN_FLOWS) return null;
  const scale = scaleOf("ns", times);
  const points = Math.min(CDF_POINTS, times.length);
  const values = Array.from({ length: points }, (_, i) => {
    const at = Math.ceil(((i + 1) / points) * times.length) - 1;
    return { time: times[at]! / scale.divisor, share: (100 * (at + 1)) / times.length };
  });
  const chart = {
    ...LOOKS,
    title: { text: "Flow completion times", subtitle: `${times.length.toLocaleString("en-US")} flows` },
    width: 560,
    height: 260,
    data: { values },
    mark: { type: "line", interpolate: "step-after", color: PALETTE[0] },
    encoding: {
      x: { field: "time", type: "quantitative", title: `completion time (${scale.unit})`, scale: { zero: false } },
      y: { field: "share", type: "quantitative", title: "flows that took no longer (%)", scale: { domain: [0, 100] } },
    },
  };
  return {
    title: "Flow completion times",
    body: await figure(chart, "Share of the flows that took no longer than a time"),
  };
}

const MAX_ENTRIES = 400;

/** What recorded ranks did when: a lane for each stream. */
export async function timelines({ program }: ResultDocument): Promise<Section> {
  const recorded = (program?.timelines ?? []).filter(({ entries }) => entries.length > 0);
  if (recorded.length === 0) return null;
  const body = await Promise.all(
    recorded.map((timeline) => figure(timelineChart(timeline), `What rank ${timeline.rank} did when`)),
  );
  return { title: "Timelines", body };
}

function timelineChart({ rank, entries, dropped }: TimelineResult): ChartSpec {
  const shown = entries.slice(0, MAX_ENTRIES);
  const scale = scaleOf("ns", [shown.at(-1)!.endNs]);
  const names = [...new Set(shown.map(({ name }) => name))];
  const values = shown.map(({ stream, name, startNs, endNs }) => ({
    ...{ stream, name, from: startNs / scale.divisor, to: endNs / scale.divisor },
  }));
  const left = entries.length - shown.length + dropped;
  return {
    ...LOOKS,
    title: {
      text: `Rank ${rank}`,
      subtitle: left > 0 ? `the first ${shown.length} operations; ${left} more` : `${shown.length} operations`,
    },
    width: 620,
    height: { step: 26 },
    data: { values },
    mark: { type: "bar", height: { band: 0.8 }, stroke: "white", strokeWidth: 0.3 },
    encoding: {
      y: { field: "stream", type: "nominal", title: null, sort: null },
      x: { field: "from", type: "quantitative", title: `time (${scale.unit})` },
      x2: { field: "to" },
      color: {
        field: "name",
        type: "nominal",
        scale: { domain: names, range: PALETTE },
        legend: { title: null, columns: 1 },
      },
    },
  };
}
