/**
 * Which flows can be under way at once. Flows that wait for all of others' chunks come in a later
 * phase; within a phase flows only follow one another chunk by chunk. Where there are more flows
 * than can be followed, some stand for all.
 */
import type { FlowGraph } from "../../plan/flows.js";

/** Flows of a phase that are followed. */
const MAX_FOLLOWED = 48_000;
/** Groups of dependent flows are followed as a whole, to this number of flows at least one. */
const MAX_DEPENDENT = 140_000;

export interface Phase {
  /** Flows that are followed. */
  readonly flows: Uint32Array;
  /** Flows that each of them stands for on the same links. */
  readonly volume: number;
  /** Parts of the fabric, alike but apart, that they stand for. */
  readonly copies: number;
}

export function phasesOf(flows: FlowGraph): Phase[] {
  const all = Uint32Array.from({ length: flows.count }, (_, flow) => flow);
  if (flows.upFlow.length === 0) return [sampled(all)];
  const group = groupsOf(flows);
  const depth = depthsOf(flows, group);
  const phases: Phase[] = [];
  for (let level = 0; ; level++) {
    const members = all.filter((flow) => depth[group[flow]!] === level);
    if (members.length === 0) return phases;
    phases.push(followed(members, group));
  }
}

/** Independent flows: every n-th carries what n do. */
function sampled(members: Uint32Array): Phase {
  const stride = Math.ceil(members.length / MAX_FOLLOWED);
  // Neighbours in the list have the same source: an offset that moves on takes other destinations
  // each time.
  const flows = members.filter((_, i) => i % stride === Math.floor(i / stride / 7) % stride);
  return { flows, volume: flows.length === 0 ? 1 : members.length / flows.length, copies: 1 };
}

/** Dependent flows: the first groups, whole. */
function followed(members: Uint32Array, group: Uint32Array): Phase {
  const taken = new Set<number>();
  const sizes = new Map<number, number>();
  for (const flow of members) sizes.set(group[flow]!, (sizes.get(group[flow]!) ?? 0) + 1);
  let count = 0;
  for (const [root, size] of sizes) {
    if (taken.size > 0 && count + size > MAX_DEPENDENT) break;
    taken.add(root);
    count += size;
  }
  const flows = members.filter((flow) => taken.has(group[flow]!));
  return { flows, volume: 1, copies: members.length / flows.length };
}

/** Representative of the flows that follow one another chunk by chunk, by flow. */
function groupsOf({ count, upFirst, upFlow, upLag }: FlowGraph): Uint32Array {
  const parent = Uint32Array.from({ length: count }, (_, flow) => flow);
  const rootOf = (flow: number) => {
    let at = flow;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  };
  for (let flow = 0; flow < count; flow++) {
    for (let i = upFirst[flow]!; i < upFirst[flow + 1]!; i++) {
      if (upLag[i]! < 0) continue;
      const [a, b] = [rootOf(flow), rootOf(upFlow[i]!)];
      parent[Math.max(a, b)] = Math.min(a, b);
    }
  }
  return parent.map((_, flow) => rootOf(flow));
}

/** By representative: phases that must be over before. */
function depthsOf({ count, upFirst, upFlow, upLag }: FlowGraph, group: Uint32Array): Uint8Array {
  const depth = new Uint8Array(count);
  // Flows of later phases have higher numbers in all collectives, so one sweep is nearly always
  // enough.
  for (let changed = true, sweeps = 0; changed && sweeps < 8; sweeps++) {
    changed = false;
    for (let flow = 0; flow < count; flow++) {
      for (let i = upFirst[flow]!; i < upFirst[flow + 1]!; i++) {
        if (upLag[i]! >= 0) continue;
        const least = depth[group[upFlow[i]!]!]! + 1;
        if (group[flow] === group[upFlow[i]!] || depth[group[flow]!]! >= least) continue;
        depth[group[flow]!] = least;
        changed = true;
      }
    }
  }
  return depth;
}
