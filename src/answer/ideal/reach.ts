import type { FlowGraph } from "../../plan/flows.js";
import { effectPs, flightPs, type PlanView, switchAt } from "./view.js";

/** Least times that any packet can see, by global port of the link direction it crosses. In ps. */
export interface Extremes {
  /** From the start of the run to the start of the first packet's transmission at the port. */
  readonly headPs: (port: number) => number;
  /** From the end of a packet's transmission at the port to its processing by some NIC. */
  readonly tailPs: (port: number) => number;
}

/**
 * Shortest ways from any NIC to every switch and from every switch to any NIC, for a packet with
 * one byte of payload. They are relaxed until nothing changes. A regular fabric takes as many
 * sweeps as it has levels.
 */
export function extremes(view: PlanView): Extremes {
  const { fabric, plan } = view;
  const count = fabric.switches.length;
  const head = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const tail = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const hopPs = (port: number) => smallestPs(view, port) + flightPs(view, port) + effectPs(view, port);

  for (let nic = 0; nic < fabric.nics.count; nic++) {
    const port = fabric.nics.port[nic]!;
    const next = switchAt(view, fabric.peerPort[port]!);
    if (next >= 0) head[next] = Math.min(head[next]!, plan.nicLatencyPs[nic]! + hopPs(port));
  }
  for (let changed = true; changed; ) {
    changed = false;
    fabric.switches.forEach(({ device }, here) => {
      for (let port = fabric.firstPort[device]!; port < fabric.firstPort[device + 1]!; port++) {
        const next = switchAt(view, fabric.peerPort[port]!);
        const ps = hopPs(port);
        if (next >= 0 && head[here]! + ps < head[next]!) {
          head[next] = head[here]! + ps;
          changed = true;
        }
        const onwards = next < 0 ? ps : ps + tail[next]!;
        if (onwards < tail[here]!) {
          tail[here] = onwards;
          changed = true;
        }
      }
    });
  }
  return {
    headPs: (port) => {
      const nic = view.nicOfPort[port]!;
      return nic >= 0 ? plan.nicLatencyPs[nic]! : head[switchAt(view, port)]!;
    },
    tailPs: (port) => {
      const next = switchAt(view, fabric.peerPort[port]!);
      return flightPs(view, port) + effectPs(view, port) + (next >= 0 ? tail[next]! : 0);
    },
  };
}

/**
 * Least time in which news of a rank can come to the rank that is farthest from it, in ps: any
 * all-reduce takes at least that. Ranks may pass the news on, which costs the delay of a flow and
 * the latency of a NIC. 0 where some rank is cut off.
 * @param members ranks of the fabric that it is about; all where left out
 */
export function farthestPs(view: PlanView, from = 0, members?: readonly number[]): number {
  const { fabric, plan } = view;
  const { nics } = fabric;
  const atRank = new Float64Array(fabric.rankCount).fill(Number.POSITIVE_INFINITY);
  const atSwitch = new Float64Array(fabric.switches.length).fill(Number.POSITIVE_INFINITY);
  const delayPs = leastDelayPs(plan.flows);
  // Its own data needs no reduction before it is sent.
  atRank[from] = -delayPs;
  let changed = true;
  const cross = (port: number, startPs: number) => {
    const atPs = startPs + smallestPs(view, port) + flightPs(view, port) + effectPs(view, port);
    const peer = fabric.peerPort[port]!;
    const nic = view.nicOfPort[peer]!;
    const [known, index] = nic >= 0 ? [atRank, nics.rank[nic]!] : [atSwitch, switchAt(view, peer)];
    if (atPs >= known[index]!) return;
    known[index] = atPs;
    changed = true;
  };
  while (changed) {
    changed = false;
    for (let nic = 0; nic < nics.count; nic++) {
      cross(nics.port[nic]!, atRank[nics.rank[nic]!]! + delayPs + plan.nicLatencyPs[nic]!);
    }
    fabric.switches.forEach(({ device }, here) => {
      for (let port = fabric.firstPort[device]!; port < fabric.firstPort[device + 1]!; port++)
        cross(port, atSwitch[here]!);
    });
  }
  const asked = members === undefined ? atRank : Float64Array.from(members, (rank) => atRank[rank]!);
  const farthest = asked.reduce((most, ps) => Math.max(most, ps), 0);
  return Number.isFinite(farthest) ? farthest : 0;
}

/** The least delay of any flow that passes on what it waits for, in ps. */
function leastDelayPs(flows: FlowGraph): number {
  if (flows.delayPs === undefined) return 0;
  let least = Number.POSITIVE_INFINITY;
  for (let flow = 0; flow < flows.count; flow++) {
    if (flows.upFirst[flow + 1]! > flows.upFirst[flow]!) least = Math.min(least, flows.delayPs[flow]!);
  }
  return Number.isFinite(least) ? least : 0;
}

function smallestPs(view: PlanView, port: number): number {
  return view.wires.dataPs(view.fabric.portClass[port]!, 1);
}
