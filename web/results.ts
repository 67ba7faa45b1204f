/** What came of a run: figures, causes, and the critical path. */
import type { ResultDocument } from "heddle";
import { el, fill } from "./dom.js";
import type { Run } from "./model/run.js";
import { countText, percentText, timeText } from "./model/words.js";

/** Shares below this are not listed. */
const MIN_SHARE = 0.001;

export class Results {
  readonly element = el("div", { class: "results", "aria-live": "polite" });

  show(runs: readonly { readonly title: string; readonly run: Run }[]): void {
    fill(this.element, ...runs.map(({ title, run }) => this.#card(title, run)));
  }

  #card(title: string, run: Run): HTMLElement {
    const card = el("section", {}, el("h3", {}, title));
    const { failure, result } = run;
    if (failure !== undefined) card.append(el("p", { class: "bad" }, failure.message));
    else if (result === undefined) card.append(el("p", {}, "The run has not ended yet."));
    else card.append(...this.#about(run, result));
    return card;
  }

  #about(run: Run, result: ResultDocument): HTMLElement[] {
    const { jctNs, idealJctNs, efficiency, busbwGBps, packets, pfc, engine, diagnosis } = result;
    const rows: [string, string][] = [
      ["Completion time", jctNs === null ? result.status : timeText(jctNs)],
      ["No algorithm beats", timeText(idealJctNs)],
    ];
    if (efficiency !== null) rows.push(["Efficiency", percentText(efficiency)]);
    if (busbwGBps !== null) rows.push(["Bus bandwidth", `${busbwGBps.toFixed(1)} GB/s`]);
    rows.push(["Packet-hops", countText(packets.hops)]);
    if (pfc.pauses > 0) rows.push(["Pauses", `${countText(pfc.pauses)}, the longest ${timeText(pfc.longestPauseNs)}`]);
    const lost = Object.values(packets.dropped).reduce((sum, count) => sum + count, 0);
    if (lost > 0) rows.push(["Packets lost", `${countText(lost)}, ${countText(packets.retransmitted)} sent again`]);
    rows.push(["Digest", engine.digest]);
    const figures = el("dl");
    for (const [name, value] of rows) figures.append(el("dt", {}, name), el("dd", {}, value));
    return [
      figures,
      ...(diagnosis === undefined ? [] : [el("p", { class: "bad" }, diagnosis.text)]),
      el("h4", {}, "Where the time went"),
      bars(result.explanation.map(({ cause, shareOfJct, ns, text }) => ({ name: cause, share: shareOfJct, ns, text }))),
      ...this.#path(run, result),
    ];
  }

  #path(run: Run, { criticalPath, status }: ResultDocument): HTMLElement[] {
    if (criticalPath !== undefined) {
      return [
        el("h4", {}, "Critical path"),
        bars(criticalPath.shares.map(({ cause, share, ns, text }) => ({ name: cause, share, ns, text }))),
      ];
    }
    if (status !== "finished") return [];
    if (run.unexplained !== undefined) return [el("h4", {}, "Critical path"), el("p", {}, `${run.unexplained}.`)];
    if (run.isExplaining) return [el("h4", {}, "Critical path"), el("p", {}, "is being followed …")];
    const button = el("button", { type: "button", onclick: () => run.explain() }, "Follow the critical path");
    button.addEventListener("click", () => {
      button.disabled = true;
      button.textContent = "The run is repeated …";
    });
    return [el("h4", {}, "Critical path"), button];
  }
}

interface Bar {
  readonly name: string;
  readonly share: number;
  readonly ns: number;
  readonly text: string;
}

function bars(all: readonly Bar[]): HTMLElement {
  const list = el("ul", { class: "bars" });
  for (const { name, share, ns, text } of all) {
    if (share < MIN_SHARE) continue;
    const bar = el("meter", { min: 0, max: 1, "aria-hidden": "true" });
    bar.value = share;
    list.append(
      el("li", {}, el("b", {}, name), el("span", {}, `${percentText(share)}, ${timeText(ns)}`), bar, el("p", {}, text)),
    );
  }
  return list;
}
