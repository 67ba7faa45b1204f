import type { PlanView } from "../ideal/view.js";
import type { Outcome } from "../plan/outcome.js";
import type { PfcSummary } from "./document.js";

const CASCADES_MAX = 10;

export function pfcSummary(view: PlanView, { totals, ports }: Outcome): PfcSummary {
  return {
    pauses: totals.pausesSent,
    pausedNs: ports.pausedPs.reduce((sum, ps) => sum + ps, 0) / 1000,
    longestPauseNs: ports.longestPausePs.reduce((most, ps) => Math.max(most, ps), 0) / 1000,
    refreshes: totals.refreshesSent,
    lapsed: totals.pausesLapsed,
    cascades: cascadesOf(view, ports.pausedPs).slice(0, CASCADES_MAX),
  };
}

/**
 * Groups paused ports, or ports that waited for credit, by where the trouble began. A port is paused by the device at its other end; that device is a root if none of its
 * own ports was paused, so that it had nobody else to wait for. Going back from all roots at once, each paused port belongs to
 * the root that is the fewest pauses away (the one that paused longest among equals). Ports that no root explains wait for each other in
 * a circle: they form groups of their own, named by the device that paused longest. Worst first, by paused time.
 */
export function cascadesOf(view: PlanView, pausedPs: Float64Array): PfcSummary["cascades"] {
  const { fabric, deviceOfPort } = view;
  /** Paused ports by the device that paused them. */
  const pausedBy = new Map<number, number[]>();
  const waiting = new Set<number>();
  pausedPs.forEach((ps, port) => {
    if (ps === 0) return;
    const by = deviceOfPort[fabric.peerPort[port]!]!;
    waiting.add(deviceOfPort[port]!);
    const ports = pausedBy.get(by);
    if (ports === undefined) pausedBy.set(by, [port]);
    else ports.push(port);
  });
  const causedPs = (device: number) => (pausedBy.get(device) ?? []).reduce((sum, port) => sum + pausedPs[port]!, 0);
  const byCaused = [...pausedBy.keys()].sort((a, b) => causedPs(b) - causedPs(a) || a - b);

  const rootOf = new Map<number, number>();
  const spread = (roots: readonly number[]) => {
    const queue = [...roots];
    for (const root of roots) rootOf.set(root, root);
    // The queue grows while it is walked: breadth first.
    for (const device of queue) {
      for (const port of pausedBy.get(device) ?? []) {
        const victim = deviceOfPort[port]!;
        if (rootOf.has(victim)) continue;
        rootOf.set(victim, rootOf.get(device)!);
        queue.push(victim);
      }
    }
  };
  spread(byCaused.filter((device) => !waiting.has(device)));
  for (const device of byCaused) if (!rootOf.has(device)) spread([device]);

  const cascades = new Map<number, { root: string; ports: number; pausedPs: number }>();
  for (const device of byCaused) {
    const root = rootOf.get(device)!;
    const cascade = cascades.get(root) ?? { root: fabric.deviceName(root), ports: 0, pausedPs: 0 };
    cascade.ports += pausedBy.get(device)!.length;
    cascade.pausedPs += causedPs(device);
    cascades.set(root, cascade);
  }
  return [...cascades.values()]
    .sort((a, b) => b.pausedPs - a.pausedPs)
    .map(({ root, ports, pausedPs: ps }) => ({ root, ports, pausedNs: ps / 1000 }));
}
