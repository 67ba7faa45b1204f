/** What the network did: links, pauses, cost. */
import type { BillLine } from "../../answer/cost/bill.js";
import { money, power } from "../../answer/cost/text.js";
import type { ResultDocument } from "../../answer/result/document.js";
import { droppedOn } from "../../answer/result/links.js";
import { bytes, count, duration, percent } from "../../answer/text/units.js";
import { type Column, type Content, html, type Section, table } from "./html.js";
import { waitTrees } from "./waits.js";

const right = (title: string): Column => ({ title, side: "right" });

const METER_REM = 5;

function meter(share: number): Content {
  const width = Math.max(0, Math.min(1, share)) * METER_REM;
  return html`<span class="meter" style="width:${width.toFixed(2)}rem"></span> ${percent(share)}`;
}

export function links({ links, credit }: ResultDocument): Section {
  const { hottest, observedNs, utilisation, maxQueueBytes } = links;
  if (hottest.length === 0) return null;
  const hasCredit = credit !== undefined;
  return {
    title: "Links",
    body: table(
      `The hottest. All of them, over ${duration(observedNs)}: used ${percent(utilisation.mean)} on average, p99 ${percent(utilisation.p99)}; longest queue p99 ${bytes(maxQueueBytes.p99)}, most ${bytes(maxQueueBytes.max)}`,
      [
        ...[{ title: "link" }, { title: "used" }, right("carried"), right("longest queue"), right("paused")],
        ...(hasCredit ? [right("without credit")] : []),
        ...[right("marked"), right("dropped")],
      ],
      hottest.map((link) => [
        `${link.from} -> ${link.to}${link.index ? ` #${link.index}` : ""}`,
        meter(link.utilisation),
        ...[bytes(link.txBytes), bytes(link.maxQueueBytes), duration(link.pausedNs)],
        ...(hasCredit ? [duration(link.creditWaitNs)] : []),
        ...[count(link.ecnMarked), count(droppedOn(link))],
      ]),
    ),
  };
}

export function pauses({ pfc, credit, pauses: traced }: ResultDocument): Section {
  if (traced !== undefined) return waitTrees(traced);
  const tree = (caption: string, rows: readonly { root: string; ports: number; ns: number }[]) =>
    rows.length > 0 &&
    table(
      caption,
      [{ title: "root" }, right("ports"), right("time of all")],
      rows.map(({ root, ports, ns }) => [root, count(ports), duration(ns)]),
    );
  const parts = [
    tree(
      "Pause cascades: ports that were paused by a switch that was paused itself, worst first",
      pfc.cascades.map(({ root, ports, pausedNs }) => ({ root, ports, ns: pausedNs })),
    ),
    tree(
      "Credit cascades: ports that waited for a device that waited itself, worst first",
      (credit?.cascades ?? []).map(({ root, ports, waitedNs }) => ({ root, ports, ns: waitedNs })),
    ),
  ];
  return parts.some((part) => part !== false) ? { title: "Pauses and waits", body: parts } : null;
}

export function cost({ cost }: ResultDocument): Section {
  const lines: readonly BillLine[] = [...cost.switches, ...cost.optics, ...cost.cables];
  if (lines.length === 0) return null;
  const { total, perGpu, missing } = cost;
  const all = `${money(total.lowUsd, total.highUsd)} USD, ${power(total.lowWatts, total.highWatts)}`;
  const each = `${money(perGpu.lowUsd, perGpu.highUsd)} USD, ${power(perGpu.watts, perGpu.watts)}`;
  return {
    title: "Cost of the network",
    body: html`${table(
      `${all}; per GPU ${each}`,
      [{ title: "part" }, { title: "where" }, right("count"), right("price, USD"), right("power")],
      lines.map((line) => [
        ...[line.part, line.level, line.count.toLocaleString("en-US")],
        money(line.lowUsd, line.highUsd),
        line.highWatts === 0 ? "" : power(line.lowWatts, line.highWatts),
      ]),
    )}${missing.map((what) => html`<p class="dim">Not in the sums: ${what}.</p>`)}`,
  };
}
