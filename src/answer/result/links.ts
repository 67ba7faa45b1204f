import type { PortCounters } from "../../plan/outcome.js";
import { percentile } from "../../util/stats/percentile.js";
import type { PlanView } from "../ideal/view.js";
import { endName, parallelIndex } from "../text/names.js";
import type { LinkResult, LinkSummary, Spread } from "./document-network.js";

const HOTTEST_MAX = 10;

/**
 * Load of every direction of the scale-out links (access and beyond) over `observedPs`, percentiles
 * by nearest rank. The hottest are those with the highest utilisation; among equals, with the
 * longest queue, then the lowest port.
 */
export function linkSummary(view: PlanView, counters: PortCounters, observedPs: number): LinkSummary {
  const ports = scaleOutPorts(view);
  const utilisation = new Float64Array(view.fabric.peerPort.length);
  for (const port of ports) utilisation[port] = utilisationOf(view, counters, port, observedPs);
  const sorted = Float64Array.from(ports, (port) => utilisation[port]!).sort();
  const switchPorts = ports.filter((port) => view.nicOfPort[port]! < 0);
  const { maxBacklogPs } = counters;
  const threshold = sorted[Math.max(0, sorted.length - HOTTEST_MAX)] ?? 0;
  const hottest = ports
    .filter((port) => utilisation[port]! > 0 && utilisation[port]! >= threshold)
    .sort((a, b) => utilisation[b]! - utilisation[a]! || maxBacklogPs[b]! - maxBacklogPs[a]! || a - b)
    .slice(0, HOTTEST_MAX);
  return {
    observedNs: observedPs / 1000,
    utilisation: spreadOf(sorted),
    maxQueueBytes: spreadOf(Float64Array.from(switchPorts, (port) => maxQueueBytes(view, counters, port)).sort()),
    hottest: hottest.map((port) => linkResult(view, counters, port, utilisation[port]!)),
  };
}

function spreadOf(sorted: Float64Array): Spread {
  if (sorted.length === 0) return { mean: 0, p99: 0, max: 0 };
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  return { mean, p99: percentile(sorted, 99), max: sorted.at(-1)! };
}

/**
 * Divided by the time of a byte, which is exact at the usual rates; backlog times rate would pass
 * 2^53.
 */
function maxQueueBytes({ fabric }: PlanView, { maxBacklogPs }: PortCounters, port: number): number {
  const { rateBps } = fabric.linkClasses[fabric.portClass[port]!]!;
  return Math.floor(maxBacklogPs[port]! / (8e12 / rateBps));
}

/** Egress ports of all links but those of the scale-up network. */
function scaleOutPorts({ fabric, nicOfPort }: PlanView): readonly number[] {
  const isScaleUpNic = (nic: number) => nic >= 0 && fabric.nics.isScaleUp[nic] === 1;
  return Array.from(fabric.peerPort.keys()).filter((port) => {
    if (fabric.linkClasses[fabric.portClass[port]!]!.level === "scaleUp") return false;
    return !isScaleUpNic(nicOfPort[port]!) && !isScaleUpNic(nicOfPort[fabric.peerPort[port]!]!);
  });
}

/** Share of `observedPs` in which a port sent, at its rate at the start. */
export function utilisationOf(
  { fabric }: PlanView,
  { txBytes }: PortCounters,
  port: number,
  observedPs: number,
): number {
  if (observedPs <= 0) return 0;
  const { rateBps } = fabric.linkClasses[fabric.portClass[port]!]!;
  return (txBytes[port]! * (8e12 / rateBps)) / observedPs;
}

/** What the direction that leaves a port did. */
export function linkResult(view: PlanView, counters: PortCounters, port: number, utilisation: number): LinkResult {
  const peer = view.fabric.peerPort[port]!;
  const index = parallelIndex(view, port);
  return {
    from: endName(view, port),
    to: endName(view, peer),
    ...(index === undefined ? {} : { index }),
    utilisation,
    txBytes: counters.txBytes[port]!,
    maxQueueBytes: maxQueueBytes(view, counters, port),
    pausedNs: counters.pausedPs[port]! / 1000,
    creditWaitNs: counters.creditWaitPs[port]! / 1000,
    ecnMarked: counters.ecnMarked[port]!,
    droppedCrc: counters.droppedCrc[port]!,
    droppedLinkDown: counters.droppedLinkDown[port]!,
    droppedWatchdog: counters.droppedWatchdog[port]!,
    // Counted where the packet arrives.
    droppedCongestion: counters.droppedCongestion[peer]!,
  };
}

/** Packets that were dropped on a link, whatever the cause. */
export function droppedOn({ droppedCrc, droppedLinkDown, droppedWatchdog, droppedCongestion }: LinkResult): number {
  return droppedCrc + droppedLinkDown + droppedWatchdog + droppedCongestion;
}
