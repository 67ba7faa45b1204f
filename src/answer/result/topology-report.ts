import type { SwitchLevel } from "../../plan/fabric.js";
import { LONG_HAUL } from "../../plan/levels.js";
import type { RunPlan } from "../../plan/plan.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { cutsOf } from "../ideal/cuts.js";
import { routesBetween } from "../ideal/path.js";
import { extremes } from "../ideal/reach.js";
import { leastOf, trainPs } from "../ideal/unloaded.js";
import { type PlanView, viewPlan } from "../ideal/view.js";
import { listedBisectionBps } from "../topology/bisection.js";
import { type PathDiversity, pathDiversity } from "../topology/paths.js";
import { placesOf } from "../topology/places.js";
import { type TrafficReport, trafficOf } from "../topology/traffic.js";
import { receiveBuffers } from "./credit.js";
import type { TopologySummary } from "./document.js";
import type { CreditSummary } from "./document-network.js";

/** What `heddle topo` tells about a fabric before anything is run. */
export interface TopologyReport {
  readonly name: string;
  readonly counts: TopologySummary;
  readonly switches: readonly { readonly level: SwitchLevel; readonly count: number; readonly ports: number }[];
  /** Links by level and rate; both directions of a link count as one. */
  readonly links: readonly { readonly level: string; readonly rateBps: number; readonly count: number }[];
  /**
   * Host-facing to spine-facing bandwidth of the leaves: 1 is non-blocking. Null where nothing is
   * above them.
   */
  readonly oversubscription: number | null;
  /**
   * Most that one half of the ranks can send to the other, halves being whole leaves or pods: half
   * of the narrowest level, access links included. Null where nothing is above the leaves. On a
   * listed fabric, that of the narrowest halves that are found.
   */
  readonly bisectionBps: number | null;
  /** Shortest paths over the scale-out fabric: lengths and numbers. */
  readonly pathDiversity: PathDiversity;
  /** Who talks to whom in the workload. */
  readonly traffic: TrafficReport;
  readonly paths: readonly PathReport[];
  /** What a run of the scenario takes; null where nobody asked. */
  readonly memory: RunMemory | null;
  /** Receive buffers of links on credit, by level; empty where there are none. */
  readonly creditBuffers: CreditSummary["buffers"];
}

/** Estimates, in bytes. */
export interface RunMemory {
  /** Of the whole process. */
  readonly processBytes: number;
  /** Of that, what the core takes. */
  readonly coreBytes: number;
}

/** An unloaded way from rank 0 to the nearest rank of its kind. */
export interface PathReport {
  readonly kind: "same node" | "same leaf" | "same pod" | "across" | "other site";
  readonly from: string;
  readonly to: string;
  readonly switches: number;
  /** One full packet from posting to delivery. */
  readonly latencyNs: number;
}

export function describeTopology(
  scenario: Scenario,
  plan: RunPlan,
  counts: TopologySummary,
  memory: RunMemory | null = null,
): TopologyReport {
  const view = viewPlan(plan);
  const { hostFacingBps, spineFacingBps } = leafBandwidth(view);
  const isListed = scenario.topology.kind === "custom";
  const bisectionBps = () =>
    isListed
      ? Math.min(hostFacingBps / 2, listedBisectionBps(view) ?? Number.POSITIVE_INFINITY)
      : Math.min(hostFacingBps, ...levelBandwidths(view)) / 2;
  return {
    name: scenario.name,
    counts,
    switches: switchesByLevel(view),
    links: linksByLevel(view),
    oversubscription: spineFacingBps === 0 ? null : hostFacingBps / spineFacingBps,
    bisectionBps: spineFacingBps === 0 ? null : bisectionBps(),
    pathDiversity: pathDiversity(view),
    traffic: trafficOf(view, placesOf(view)),
    paths: pathReports(view),
    memory,
    creditBuffers: receiveBuffers(view),
  };
}

function switchesByLevel({ fabric }: PlanView): TopologyReport["switches"] {
  const byLevel = new Map<SwitchLevel, { level: SwitchLevel; count: number; ports: number }>();
  for (const { level, device } of fabric.switches) {
    const entry = byLevel.get(level) ?? { level, count: 0, ports: 0 };
    entry.count += 1;
    entry.ports = Math.max(entry.ports, fabric.firstPort[device + 1]! - fabric.firstPort[device]!);
    byLevel.set(level, entry);
  }
  return [...byLevel.values()];
}

function linksByLevel({ fabric }: PlanView): TopologyReport["links"] {
  const byKind = new Map<string, { level: string; rateBps: number; count: number }>();
  fabric.peerPort.forEach((peer, port) => {
    // One end speaks for the link: a degraded direction shows in its own rate only if it is that
    // end's.
    if (peer < port) return;
    const { level, rateBps } = fabric.linkClasses[fabric.portClass[port]!]!;
    const entry = byKind.get(`${level} ${rateBps}`) ?? { level, rateBps, count: 0 };
    entry.count += 1;
    byKind.set(`${level} ${rateBps}`, entry);
  });
  return [...byKind.values()];
}

/**
 * Of all switches that fabric NICs are attached to: rates towards NICs, and towards other switches.
 */
function leafBandwidth({ fabric, nicOfPort }: PlanView): { hostFacingBps: number; spineFacingBps: number } {
  let hostFacingBps = 0;
  let spineFacingBps = 0;
  for (const { device } of fabric.switches) {
    const ports = Array.from(
      { length: fabric.firstPort[device + 1]! - fabric.firstPort[device]! },
      (_, i) => fabric.firstPort[device]! + i,
    );
    const nicAt = (port: number) => nicOfPort[fabric.peerPort[port]!]!;
    const toHosts = ports.filter((port) => nicAt(port) >= 0 && fabric.nics.isScaleUp[nicAt(port)] === 0);
    if (toHosts.length === 0) continue;
    const rate = (port: number) => fabric.linkClasses[fabric.portClass[port]!]!.rateBps;
    hostFacingBps += toHosts.reduce((sum, port) => sum + rate(port), 0);
    spineFacingBps += ports.filter((port) => nicAt(port) < 0).reduce((sum, port) => sum + rate(port), 0);
  }
  return { hostFacingBps, spineFacingBps };
}

/** Rates of all links out of leaf groups, and of all links out of pods. */
function levelBandwidths(view: PlanView): number[] {
  const { linkClasses } = view.fabric;
  return cutsOf(view, extremes(view))
    .filter(({ level }) => level === "leaf" || level === "pod" || level === "site")
    .map(({ egress }) =>
      egress.links.reduce((sum, count, i) => sum + count * linkClasses[i % linkClasses.length]!.rateBps, 0),
    );
}

/**
 * From rank 0: over its scale-up NIC, and over its fabric NIC past one, three and five switches.
 */
function pathReports(view: PlanView): readonly PathReport[] {
  const { nics } = view.fabric;
  const found = new Map<PathReport["kind"], PathReport>();
  for (const isScaleUp of [1, 0]) {
    const of = (nic: number) => nics.isScaleUp[nic] === isScaleUp;
    const all = Array.from({ length: nics.count }, (_, nic) => nic).filter(of);
    const src = all.find((nic) => nics.rank[nic] === 0);
    if (src === undefined) continue;
    for (const dst of sampled(all)) {
      if (nics.rank[dst] === 0) continue;
      const report = pathReport(view, src, dst);
      if (report !== undefined && !found.has(report.kind)) found.set(report.kind, report);
    }
  }
  return [...found.values()].sort((a, b) => a.switches - b.switches || a.latencyNs - b.latencyNs);
}

/**
 * Every NIC of a small fabric; of a large one the first thousand, then every hundredth, and the
 * last.
 */
function sampled(nics: readonly number[]): readonly number[] {
  return nics.filter((_, i) => i < 1024 || i % 97 === 0 || i === nics.length - 1);
}

function pathReport(view: PlanView, src: number, dst: number): PathReport | undefined {
  const { nics, portClass, linkClasses } = view.fabric;
  const { routes } = routesBetween(view, src, dst);
  const route = routes[0];
  if (route === undefined) return undefined;
  const { mtuBytes } = linkClasses[portClass[nics.port[src]!]!]!;
  const packet = { mtuBytes, lastBytes: mtuBytes, fullPackets: 0, chunks: 1 };
  const switches = route.classes.length - 1;
  const kind = nics.isScaleUp[src] === 1 ? "same node" : switches <= 1 ? "same leaf" : "across";
  const isInPod = kind === "across" && switches <= 3 && view.fabric.switches.some(({ level }) => level === "core");
  const isFar = route.classes.some((linkClass) => linkClasses[linkClass]!.level === LONG_HAUL);
  return {
    kind: isFar ? "other site" : isInPod ? "same pod" : kind,
    from: view.fabric.rankName(nics.rank[src]!),
    to: view.fabric.rankName(nics.rank[dst]!),
    switches,
    latencyNs: leastOf(routes, (way) => trainPs(view, way, packet)) / 1000,
  };
}
