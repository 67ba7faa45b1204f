import { hanging, WIDTH, wrap } from "../../util/wrap.js";
import { criticalPathLines } from "../path/text.js";
import { bar, columns, fact } from "../text/layout-text.js";
import { usualName } from "../text/names.js";
import { type Style, styleFor } from "../text/style.js";
import { bytes, count, counted, duration, exactDuration, percent } from "../text/units.js";
import { waitTreeLines } from "../waits/text.js";
import { creditLines } from "./credit-text.js";
import type { FlowResult, ResultDocument } from "./document.js";
import type { LinkResult } from "./document-network.js";
import { headlineText } from "./headline-text.js";
import { jobLines, slowdownLines } from "./jobs-text.js";
import { droppedOn } from "./links.js";
import { programLines } from "./programs-text.js";
import { trainingLines } from "./training-text.js";

/** How a text for a terminal is made. */
export interface TextOptions {
  /** Mark up for a terminal with ANSI codes; not where left out. */
  readonly color?: boolean;
}

const LIST_MAX = 5;

/**
 * The report that people read: what was run, how long it took, where the time went, who was slow.
 * Ends with a newline.
 * @param options how the text is made
 */
export function formatResult(doc: ResultDocument, { color = false }: TextOptions = {}): string {
  const style = styleFor(color);
  const sections = [
    headline(doc, style),
    outcomeLines(doc, style),
    doc.criticalPath === undefined ? explanationLines(doc, style) : criticalPathLines(doc.criticalPath, style),
    noteLines(doc, style),
    envelopeLines(doc, style),
    faultLines(doc, style),
    jobLines(doc, style),
    trainingLines(doc, style),
    programLines(doc, style),
    slowdownLines(doc, style),
    doc.flows === undefined ? rankLines(doc, style) : flowLines(doc.flows, style),
    doc.pauses === undefined ? cascadeLines(doc, style) : waitTreeLines(doc.pauses, style),
    linkLines(doc, style),
    engineLines(doc)
      .flatMap((line) => hanging(line))
      .map(style.dim),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function headline(doc: ResultDocument, { bold, dim }: Style): string[] {
  const { scenario, policies } = doc;
  const { flowControl, recovery, ecn, module } = policies;
  const routing = module === undefined ? policies.routing : `${policies.routing} (${module})`;
  const lossless = flowControl === "none" ? "no flow control" : flowControl;
  return [
    ...hanging(`${bold(scenario.name)}  ${headlineText(doc)}`),
    dim(`${routing} routing, ${lossless}, ${recovery}${ecn ? ", ecn" : ""}; seed ${scenario.seed}`),
  ];
}

function outcomeLines(doc: ResultDocument, style: Style): string[] {
  const { packets, pfc, ecn, links } = doc;
  const { congestion, crc, linkDown, ordering, watchdog } = packets.dropped;
  const causes = [
    ["congestion", congestion],
    ["transmission errors", crc],
    ["link down", linkDown],
    ["out of order", ordering],
    ["watchdog", watchdog],
  ] as const;
  const dropped = causes.filter(([, n]) => n > 0).map(([cause, n]) => `${count(n)} dropped: ${cause}`);
  const recovery = [
    packets.retransmitted > 0 ? style.warn(`${count(packets.retransmitted)} retransmitted`) : "0 retransmitted",
    ...(dropped.length > 0 ? [style.warn(dropped.join(", "))] : ["0 dropped"]),
    ...(packets.trimmed > 0 ? [style.warn(`${count(packets.trimmed)} trimmed`)] : []),
    ...(packets.replayed > 0 ? [`${count(packets.replayed)} replayed by links`] : []),
    ...(packets.timeouts > 0 ? [style.bad(counted(packets.timeouts, "timeout"))] : []),
  ];
  const pauses =
    pfc.pauses === 0
      ? "none"
      : style.warn(
          `${count(pfc.pauses)}, ${duration(pfc.pausedNs)} in all, the longest ${duration(pfc.longestPauseNs)}${pfc.lapsed > 0 ? `; ${count(pfc.lapsed)} lapsed` : ""}${pfc.storms > 0 ? `; ${counted(pfc.storms, "storm")}` : ""}`,
        );
  const { mean, p99, max } = links.utilisation;
  const used = `mean ${percent(mean)}, p99 ${percent(p99)}, max ${percent(max)} of ${duration(links.observedNs)}`;
  return [
    ...timeLines(doc, style),
    fact("Packets", packetsText(packets)),
    fact("Losses", recovery.join(", ")),
    ...(doc.credit === undefined || pfc.pauses > 0 ? [fact("PFC pauses", pauses)] : []),
    ...(doc.credit === undefined ? [] : creditLines(doc.credit, style)),
    ...(ecn.marked > 0
      ? [
          fact(
            "ECN marks",
            ecn.cnps > 0 ? `${count(ecn.marked)}, ${counted(ecn.cnps, "notification")}` : count(ecn.marked),
          ),
        ]
      : []),
    fact("Link utilisation", used),
  ];
}

function packetsText({ sent, delivered, hops, outOfOrder, dropped }: ResultDocument["packets"]): string {
  const share = outOfOrder / (delivered + dropped.ordering);
  const reordered = outOfOrder > 0 ? `, ${percent(share)} out of order` : "";
  return `${count(sent)} sent, ${count(delivered)} delivered, ${counted(hops, "hop")}${reordered}`;
}

function timeLines(doc: ResultDocument, style: Style): string[] {
  const bound = fact("Ideal JCT", exactDuration(doc.idealJctNs));
  if (doc.jctNs === null) {
    const { progress, diagnosis } = doc;
    const status = fact("Did not finish", style.bad(`${doc.status} at ${duration(doc.engine.simulatedNs)}`));
    return [
      status,
      ...(diagnosis === undefined ? [] : [fact("Diagnosis", diagnosis.text)]),
      ...(progress === undefined ? [] : [progressLine(progress)]),
      bound,
    ];
  }
  const efficiency = doc.efficiency ?? 0;
  const grade = efficiency >= 0.9 ? style.good : efficiency >= 0.5 ? (text: string) => text : style.warn;
  const lines = [
    fact("JCT", style.bold(exactDuration(doc.jctNs))),
    `${bound}, efficiency ${grade(percent(efficiency))}`,
  ];
  if (doc.algbwGBps !== null && doc.busbwGBps !== null) {
    lines.push(fact("Bandwidth", `${doc.algbwGBps.toFixed(2)} GB/s algbw, ${doc.busbwGBps.toFixed(2)} GB/s busbw`));
  }
  if (doc.steps !== null) {
    const { p50Ns, p99Ns, maxNs } = doc.steps;
    lines.push(fact("Step", `p50 ${duration(p50Ns)}, p99 ${duration(p99Ns)}, max ${duration(maxNs)}`));
  }
  return lines;
}

function progressLine({
  chunksDelivered,
  chunks,
  ranksFinished,
  ranks,
}: NonNullable<ResultDocument["progress"]>): string {
  const share = chunks === 0 ? 0 : chunksDelivered / chunks;
  const text = `${count(chunksDelivered)} of ${counted(chunks, "chunk")} delivered (${percent(share)})`;
  return fact("Progress", `${text}, ${count(ranksFinished)} of ${counted(ranks, "rank")} done`);
}

function explanationLines({ explanation }: ResultDocument, { bold, dim }: Style): string[] {
  if (explanation.length === 0) return [];
  const head = columns(
    explanation.map(({ cause, shareOfJct, ns }) => [cause, bar(shareOfJct, 24), percent(shareOfJct), duration(ns)]),
    ["left", "left", "right", "right"],
  );
  return [
    bold("Where the time went"),
    ...explanation.flatMap(({ text }, i) => [
      `  ${head[i]}`,
      ...wrap(text, WIDTH - 4).map((line) => `    ${dim(line)}`),
    ]),
  ];
}

function noteLines({ notes }: ResultDocument, { bold }: Style): string[] {
  if (notes.length === 0) return [];
  const lines = notes.flatMap(({ text }) =>
    wrap(text, WIDTH - 4).map((line, i) => `${i === 0 ? "  - " : "    "}${line}`),
  );
  return [bold("Settings that are odd together"), ...lines];
}

function envelopeLines({ envelope = [] }: ResultDocument, { bold }: Style): string[] {
  if (envelope.length === 0) return [];
  const lines = envelope.flatMap((text) =>
    wrap(text, WIDTH - 4).map((line, i) => `${i === 0 ? "  - " : "    "}${line}`),
  );
  return [bold("Where the model is known not to hold"), ...lines];
}

function faultLines({ faults = [] }: ResultDocument, { bold, dim }: Style): string[] {
  if (faults.length === 0) return [];
  const shown = faults.length > 2 * LIST_MAX ? `  ${dim(`${2 * LIST_MAX} of ${count(faults.length)}`)}` : "";
  const lines = faults
    .slice(0, 2 * LIST_MAX)
    .flatMap(({ kind, where, text }) =>
      wrap(`${kind} ${where}: ${text}`, WIDTH - 4).map((line, i) => `${i === 0 ? "  - " : "    "}${line}`),
    );
  return [`${bold("Faults")}${shown}`, ...lines];
}

/** Times from the job's start, so that the slowest rank has the JCT. */
function rankLines({ ranks, startNs }: ResultDocument, { bold, dim }: Style): string[] {
  if (ranks.finishNs === null) return [];
  const { min, p50, p99, max } = ranks.finishNs;
  const since = (ns: number) => duration(ns - startNs);
  const spread = `min ${since(min)}, p50 ${since(p50)}, p99 ${since(p99)}, max ${since(max)}`;
  const rows = ranks.slowest.slice(0, LIST_MAX).map(({ name, finishNs }) => [name, exactDuration(finishNs - startNs)]);
  return [`${bold("Slowest ranks")}  ${dim(spread)}`, ...columns(rows, ["left", "right"]).map((line) => `  ${line}`)];
}

/** The flows that took longest; those that did not finish come first. */
function flowLines(flows: readonly FlowResult[], { bold, dim }: Style): string[] {
  if (flows.length === 0) return [];
  const took = ({ fctNs }: FlowResult) => fctNs ?? Number.POSITIVE_INFINITY;
  const slowest = flows
    .map((flow, i) => ({ flow, i }))
    .sort((a, b) => compare(took(b.flow), took(a.flow)) || a.i - b.i);
  const rows = slowest
    .slice(0, 2 * LIST_MAX)
    .map(({ flow, i }) => [
      `${i}`,
      `${flow.srcName ?? usualName(flow.src)} -> ${flow.dstName ?? usualName(flow.dst)}`,
      bytes(flow.bytes),
      duration(flow.startNs),
      flow.fctNs === null ? "not finished" : exactDuration(flow.fctNs),
      flow.fctNs === null ? "" : `${(flow.bytes / flow.fctNs).toFixed(2)} GB/s`,
    ]);
  const header = ["flow", "ranks", "size", "start", "FCT", "rate"];
  const [titles, ...lines] = columns([header, ...rows], ["right", "left", "right", "right", "right", "right"]);
  const shown = rows.length < flows.length ? `  ${dim(`${rows.length} of ${count(flows.length)}`)}` : "";
  return [`${bold("Slowest flows")}${shown}`, dim(`  ${titles}`), ...lines.map((line) => `  ${line}`)];
}

/** Infinities are equal to each other, which a difference would not tell. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function cascadeLines({ pfc, credit }: ResultDocument, { bold }: Style): string[] {
  const list = (title: string, cascades: readonly { root: string; ports: number; ns: number }[]) => {
    if (cascades.length === 0) return [];
    const rows = cascades
      .slice(0, LIST_MAX)
      .map(({ root, ports, ns }) => [
        `from ${root}`,
        `${count(ports)} ${ports === 1 ? "port" : "ports"}`,
        duration(ns),
      ]);
    return [bold(title), ...columns(rows, ["left", "right", "right"]).map((line) => `  ${line}`)];
  };
  return [
    ...list(
      "Pause cascades",
      pfc.cascades.map(({ pausedNs, ...cascade }) => ({ ...cascade, ns: pausedNs })),
    ),
    ...list(
      "Credit cascades",
      (credit?.cascades ?? []).map(({ waitedNs, ...cascade }) => ({ ...cascade, ns: waitedNs })),
    ),
  ];
}

function linkLines({ links: { hottest }, credit }: ResultDocument, { bold, dim }: Style): string[] {
  if (hottest.length === 0) return [];
  const held = (link: LinkResult) => (credit === undefined ? link.pausedNs : link.pausedNs + link.creditWaitNs);
  const header = ["link", "used", "carried", "max queue", credit === undefined ? "paused" : "no credit", "dropped"];
  const rows = hottest
    .slice(0, LIST_MAX)
    .map((link) => [
      `${link.from} -> ${link.to}${link.index ? ` #${link.index}` : ""}`,
      percent(link.utilisation),
      bytes(link.txBytes),
      bytes(link.maxQueueBytes),
      held(link) === 0 ? "-" : duration(held(link)),
      droppedOn(link) === 0 ? "-" : count(droppedOn(link)),
    ]);
  const [titles, ...lines] = columns([header, ...rows], ["left", "right", "right", "right", "right", "right"]);
  return [bold("Hottest links"), dim(`  ${titles}`), ...lines.map((line) => `  ${line}`)];
}

function skippedLines(engine: ResultDocument["engine"]): string[] {
  const { cycles, replicas, skippedPacketHops } = engine.fastForward;
  if (cycles === 0 && replicas === 0) return [];
  const repetitions = `in ${count(cycles)} ${cycles === 1 ? "repetition" : "repetitions"}`;
  const copies = `as ${count(replicas)} ${replicas === 1 ? "copy" : "copies"} of others`;
  const how = [...(replicas === 0 ? [] : [copies]), ...(cycles === 0 ? [] : [repetitions])].join(" and ");
  const speed = `${count(engine.simulatedPacketHopsPerSecond)}/s`;
  return [`${count(skippedPacketHops)} of them skipped ${how}, the others simulated at ${speed}`];
}

function engineLines({ engine, policies }: ResultDocument): string[] {
  const { packetHops, packetHopsPerSecond, wallMs, threads, peakMemoryBytes, digest, policy } = engine;
  const speed = `${count(packetHops)} packet-hops in ${duration(wallMs * 1e6)} (${count(packetHopsPerSecond)}/s)`;
  const line = `${speed}, ${threads} ${threads === 1 ? "thread" : "threads"}, ${bytes(peakMemoryBytes)}`;
  const lines = [line, ...skippedLines(engine), `digest ${digest}`];
  if (policy === undefined) return lines;
  const cost = `${count(policy.calls)} calls of ${duration(policy.nsPerCall)}, ${percent(policy.shareOfRun)} of the run`;
  return [...lines, `${policies.module ?? "routing policy"}: ${cost}`];
}
