/** What was run, and how long it took. */
import type { ResultDocument } from "../../answer/result/document.js";
import { headlineText } from "../../answer/result/headline-text.js";
import { bytes, count, counted, duration, exactDuration, percent } from "../../answer/text/units.js";
import { type Content, html, type Markup } from "./html.js";

export function headline(result: ResultDocument): Markup {
  const { policies, scenario, diagnosis } = result;
  const routing = policies.module === undefined ? policies.routing : `${policies.routing} (${policies.module})`;
  const flowControl = policies.flowControl === "none" ? "no flow control" : policies.flowControl;
  return html`<p>${headlineText(result)}</p>
<p class="dim">${routing} routing, ${flowControl}, ${policies.recovery}${policies.ecn ? ", ECN" : ""}; seed ${scenario.seed}</p>
${diagnosis && html`<p class="warn">Did not finish (${result.status}): ${diagnosis.text}</p>`}
<dl class="cards">${cards(result)}</dl>`;
}

function card(title: string, value: Content, note: Content = null): Markup {
  return html`<div class="card"><dt>${title}</dt><dd>${value}${note && html`<small>${note}</small>`}</dd></div>`;
}

function cards(result: ResultDocument): readonly Markup[] {
  const { jctNs, idealJctNs, efficiency, busbwGBps, algbwGBps, packets, pfc, ecn, links, training } = result;
  const dropped = Object.values(packets.dropped).reduce((sum, n) => sum + n, 0);
  const busbw =
    busbwGBps === null ? [] : [card("Bus bandwidth", `${busbwGBps.toFixed(2)} GB/s`, `${algbwGBps!.toFixed(2)} algbw`)];
  const step =
    training === undefined
      ? []
      : [
          card("Training step", duration(training.stepNs), `MFU ${percent(training.mfu)}`),
          card("GPUs compute", percent(training.gpuUtilisation), "of the step"),
        ];
  const resent = `${count(packets.retransmitted)} sent again, ${count(packets.timeouts)} timeouts`;
  return [
    card("Completion time", jctNs === null ? "not finished" : exactDuration(jctNs)),
    card("Ideal", exactDuration(idealJctNs), efficiency === null ? null : `efficiency ${percent(efficiency)}`),
    ...step,
    ...busbw,
    card("Packets", count(packets.sent), counted(packets.hops, "hop")),
    card("Dropped", count(dropped), resent),
    card("PFC pauses", count(pfc.pauses), pfc.pauses === 0 ? null : `${duration(pfc.pausedNs)} in all`),
    ...(ecn.marked === 0 ? [] : [card("ECN marks", count(ecn.marked), counted(ecn.cnps, "notification"))]),
    card("Link utilisation", percent(links.utilisation.mean), `at most ${percent(links.utilisation.max)}`),
    card("Longest queue", bytes(links.maxQueueBytes.max), `p99 ${bytes(links.maxQueueBytes.p99)}`),
  ];
}
