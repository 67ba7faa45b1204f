import type { Outcome } from "../../plan/outcome.js";
import { type PlanView, switchAt } from "../ideal/view.js";
import { endName } from "../text/names.js";
import { duration } from "../text/units.js";
import type { PfcSummary } from "./document-network.js";

const CASCADES_MAX = 10;

export function pfcSummary(view: PlanView, { totals, ports }: Outcome): PfcSummary {
  return {
    pauses: totals.pausesSent,
    pausedNs: ports.pausedPs.reduce((sum, ps) => sum + ps, 0) / 1000,
    longestPauseNs: ports.longestPausePs.reduce((most, ps) => Math.max(most, ps), 0) / 1000,
    refreshes: totals.refreshesSent,
    lapsed: totals.pausesLapsed,
    storms: totals.storms,
    cascades: cascadesOf(view, ports.pausedPs).slice(0, CASCADES_MAX),
  };
}

/** Paused ports by the device that paused them. */
function pausedBy({ fabric, deviceOfPort }: PlanView, pausedPs: Float64Array): Map<number, number[]> {
  const byDevice = new Map<number, number[]>();
  pausedPs.forEach((ps, port) => {
    if (ps === 0) return;
    const by = deviceOfPort[fabric.peerPort[port]!]!;
    const ports = byDevice.get(by);
    if (ports === undefined) byDevice.set(by, [port]);
    else ports.push(port);
  });
  return byDevice;
}

const sumOver = (ports: readonly number[], pausedPs: Float64Array) =>
  ports.reduce((sum, port) => sum + pausedPs[port]!, 0);

/**
 * Where the pauses of each device that paused others began. A port is paused by the device at its
 * other end. That device is a root if none of its own ports was paused, since it waited for no
 * other device. A host is one too: NICs do not pass pauses on. Each device belongs to the root that
 * is the fewest pauses away; among equals, to the one that paused longest. Devices that no root
 * explains wait for each other in a circle: they form groups of their own, with the one that paused
 * longest as root.
 */
function rootsOf(view: PlanView, byDevice: ReadonlyMap<number, readonly number[]>, pausedPs: Float64Array) {
  const { deviceOfPort } = view;
  const waiting = new Set([...byDevice.values()].flat().map((port) => deviceOfPort[port]!));
  const causedPs = (device: number) => sumOver(byDevice.get(device)!, pausedPs);
  const byCaused = [...byDevice.keys()].sort((a, b) => causedPs(b) - causedPs(a) || a - b);
  const rootOf = new Map<number, number>();
  const spread = (roots: readonly number[]) => {
    const queue = [...roots];
    for (const root of roots) rootOf.set(root, root);
    // The queue grows while it is walked: breadth first.
    for (const device of queue) {
      for (const port of byDevice.get(device) ?? []) {
        const victim = deviceOfPort[port]!;
        if (rootOf.has(victim)) continue;
        rootOf.set(victim, rootOf.get(device)!);
        queue.push(victim);
      }
    }
  };
  const isHost = (device: number) => switchAt(view, view.fabric.firstPort[device]!) < 0;
  spread(byCaused.filter((device) => isHost(device) || !waiting.has(device)));
  for (const device of byCaused) if (!rootOf.has(device)) spread([device]);
  return { rootOf, byCaused };
}

/** Groups paused ports by where the trouble began. Worst first, by paused time. */
export function cascadesOf(view: PlanView, pausedPs: Float64Array): PfcSummary["cascades"] {
  const byDevice = pausedBy(view, pausedPs);
  const { rootOf, byCaused } = rootsOf(view, byDevice, pausedPs);
  const cascades = new Map<number, { root: string; ports: number; pausedPs: number }>();
  for (const device of byCaused) {
    const root = rootOf.get(device)!;
    // A host device may be several ranks: its name is that of the one that paused.
    const name = () => endName(view, view.fabric.peerPort[byDevice.get(root)![0]!]!);
    const cascade = cascades.get(root) ?? { root: name(), ports: 0, pausedPs: 0 };
    cascade.ports += byDevice.get(device)!.length;
    cascade.pausedPs += sumOver(byDevice.get(device)!, pausedPs);
    cascades.set(root, cascade);
  }
  return [...cascades.values()]
    .sort((a, b) => b.pausedPs - a.pausedPs)
    .map(({ root, ports, pausedPs: ps }) => ({ root, ports, pausedNs: ps / 1000 }));
}

/** Says so where the pauses of a port go back to a NIC that stalled; empty where they do not. */
export function stormBehind(view: PlanView, pausedPs: Float64Array, port: number): string {
  const { deviceOfPort, plan, fabric } = view;
  if (plan.stalls.length === 0) return "";
  const { rootOf } = rootsOf(view, pausedBy(view, pausedPs), pausedPs);
  const root = rootOf.get(deviceOfPort[fabric.peerPort[port]!]!);
  const stall = plan.stalls.find(({ nic }) => deviceOfPort[fabric.nics.port[nic]!] === root);
  if (stall === undefined) return "";
  const name = fabric.rankName(fabric.nics.rank[stall.nic]!);
  const until = stall.untilPs === Number.POSITIVE_INFINITY ? "on" : `to ${duration(stall.untilPs / 1000)}`;
  return ` That goes back to ${name}, whose NIC took in no data from ${duration(stall.fromPs / 1000)} ${until}.`;
}
