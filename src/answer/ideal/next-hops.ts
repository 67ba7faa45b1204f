import { nextPorts } from "../../plan/next-hops.js";
import { type PlanView, switchAt } from "./view.js";

/** Everything that packets between two NICs may touch. */
export interface Reach {
  /** Egress ports on any candidate path, the sending NIC's first, in order of discovery. */
  readonly ports: readonly number[];
  /** Switch that has no path to the destination although packets may come to it, or -1. */
  readonly deadEnd: number;
}

/** Follows every candidate of every switch from one NIC to another. */
export function reachOf(view: PlanView, srcNic: number, dstNic: number): Reach {
  const { nics, peerPort } = view.fabric;
  const address = nics.address[dstNic]!;
  const ports = [nics.port[srcNic]!];
  const seen = new Set<number>();
  let deadEnd = -1;
  // The list grows while it is walked: a breadth-first search.
  for (const port of ports) {
    const next = switchAt(view, peerPort[port]!);
    if (next < 0 || seen.has(next)) continue;
    seen.add(next);
    const candidates = nextPorts(view.fabric, next, address);
    if (candidates.length === 0 && deadEnd < 0) deadEnd = next;
    ports.push(...candidates);
  }
  return { ports, deadEnd };
}
