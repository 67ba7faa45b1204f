/** What the network did: links, pauses, cost. */
import type { BillLine } from "../../answer/cost/bill.js";
import type { LinkResult, ResultDocument } from "../../answer/result/document.js";
import { bytes, count, digits, duration, percent } from "../../answer/text/units.js";
import { type Column, type Content, html, type Section, table } from "./html.js";

const right = (title: string): Column => ({ title, side: "right" });

function droppedOn({ droppedCrc, droppedLinkDown, droppedWatchdog, droppedCongestion }: LinkResult): number {
  return droppedCrc + droppedLinkDown + droppedWatchdog + droppedCongestion;
}

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

export function pauses({ pfc, credit }: ResultDocument): Section {
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

function span(low: number, high: number, write: (value: number) => string): string {
  return low === high ? write(low) : `${write(low)} to ${write(high)}`;
}

export function cost({ cost }: ResultDocument): Section {
  const lines: readonly BillLine[] = [...cost.switches, ...cost.optics, ...cost.cables];
  if (lines.length === 0) return null;
  const { total, perGpu, missing } = cost;
  const usd = (value: number) => `$${value < 10_000 ? Math.round(value) : count(value)}`;
  const watts = (value: number) => (value >= 1000 ? `${digits(value / 1000)} kW` : `${digits(value)} W`);
  return {
    title: "Cost of the network",
    body: html`${table(
      `${span(total.lowUsd, total.highUsd, usd)}, ${span(total.lowWatts, total.highWatts, watts)}; per GPU ${span(perGpu.lowUsd, perGpu.highUsd, usd)}, ${watts(perGpu.watts)}`,
      [{ title: "part" }, { title: "where" }, right("count"), right("price"), right("power")],
      lines.map((line) => [
        ...[line.part, line.level, line.count.toLocaleString("en-US")],
        span(line.lowUsd, line.highUsd, usd),
        line.highWatts === 0 ? "" : span(line.lowWatts, line.highWatts, watts),
      ]),
    )}${missing.map((what) => html`<p class="dim">Not in the sums: ${what}.</p>`)}`,
  };
}
