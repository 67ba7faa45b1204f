import { delayOfFlow, type FlowGraph } from "../../plan/flows.js";
import type { RunPlan } from "../../plan/plan.js";
import type { FlowTimes } from "./certain.js";

/** Relaxation ends here at the latest; what it has found by then is a bound as well. */
const SWEEPS_MAX = 64;

/** Least times of the first and the last delivery of each flow, raised step by step. */
interface Deliveries {
  readonly firstPs: Float64Array;
  readonly lastPs: Float64Array;
}

/**
 * A time, in ps, before which the dependencies of a flow graph cannot be worked off, even if no
 * flow were in another's way. Linear in flows and dependencies per sweep, whatever the number of
 * chunks.
 *
 * Let `u` be the least time from posting a chunk of a flow to its delivery, and `d_f` the
 * delay of the flow. For the deliveries `F(f, k)` the rules of MODEL §7 give
 * `F(f, k) >= F(up, min(k - lag, K_up - 1)) + d_f + u_f`. Two consequences are used:
 *
 * - Only the first and the last chunk of a flow are looked at. Those between come from the first
 *   plus one chunk's serialization each. Every inequality raises a bound by other bounds, so any
 *   number of sweeps in any order is sound.
 * - In a ring each flow waits for the one before, with the same lag `λ > 0` and the same K. The way
 *   of the last chunk back is then a walk of `floor((K-1)/λ)` steps around the ring. The largest of
 *   these walks over all starting points is found with a running sum. For an unloaded ring
 *   all-reduce it is exact.
 */
export function criticalPathPs(plan: RunPlan, times: readonly (FlowTimes | undefined)[]): number {
  const { flows } = plan;
  const deliveries: Deliveries = {
    firstPs: flows.startPs.map((ps, flow) => ps + (times[flow]?.chunkPs ?? 0)),
    lastPs: flows.startPs.map((ps, flow) => ps + (times[flow]?.flowPs ?? 0)),
  };
  const rings = ringsOf(flows);
  for (let sweep = 0; sweep < SWEEPS_MAX; sweep++) {
    const raised = raiseAll(plan, times, deliveries, sweep % 2 === 1);
    const walked = rings.filter((ring) => walkRing(plan, times, deliveries, ring)).length > 0;
    if (!raised && !walked) break;
  }
  return deliveries.lastPs.reduce((most, ps) => Math.max(most, ps), 0);
}

function raiseAll(
  { flows }: RunPlan,
  times: readonly (FlowTimes | undefined)[],
  { firstPs, lastPs }: Deliveries,
  isBackwards: boolean,
): boolean {
  // Least time of the delivery of a flow's chunk `k`, as far as is known.
  const deliveryPs = (flow: number, k: number) => {
    const count = flows.chunks[flow]!;
    if (k >= count - 1) return lastPs[flow]!;
    return firstPs[flow]! + k * spacingPs(times[flow], count);
  };
  let raised = false;
  for (let i = 0; i < flows.count; i++) {
    const flow = isBackwards ? flows.count - 1 - i : i;
    const certain = times[flow];
    if (certain === undefined) continue;
    const lastChunk = flows.chunks[flow]! - 1;
    for (let edge = flows.upFirst[flow]!; edge < flows.upFirst[flow + 1]!; edge++) {
      const up = flows.upFlow[edge]!;
      const lag = flows.upLag[edge]!;
      const ownPs = delayOfFlow(flows, flow) + certain.chunkPs;
      const first = lag <= 0 ? deliveryPs(up, -lag) + ownPs : 0;
      const last = lag <= lastChunk ? deliveryPs(up, lastChunk - lag) + ownPs : 0;
      // A flow is posted as a whole at the earliest when its first chunk is.
      const train = first > 0 ? first - certain.chunkPs + certain.flowPs : 0;
      if (first > firstPs[flow]!) {
        firstPs[flow] = first;
        raised = true;
      }
      if (Math.max(last, train) > lastPs[flow]!) {
        lastPs[flow] = Math.max(last, train);
        raised = true;
      }
    }
  }
  return raised;
}

/**
 * Least time between consecutive deliveries, from the source's link: chunks of a QP are sent one
 * after the other.
 */
function spacingPs(certain: FlowTimes | undefined, chunks: number): number {
  return certain === undefined ? 0 : certain.srcWorkPs / chunks;
}

/** Flows in the order in which chunks go round. */
interface Ring {
  readonly flows: readonly number[];
  /** Dependencies that the last chunk waits for, one before the other. */
  readonly steps: number;
}

/** Rings that follow from each flow's first dependency with a positive lag. */
function ringsOf(flows: FlowGraph): readonly Ring[] {
  const edgeOf = Int32Array.from({ length: flows.count }, (_, flow) => {
    for (let edge = flows.upFirst[flow]!; edge < flows.upFirst[flow + 1]!; edge++) {
      if (flows.upLag[edge]! > 0) return edge;
    }
    return -1;
  });
  const visitedBy = new Int32Array(flows.count).fill(-1);
  const rings: Ring[] = [];
  for (let start = 0; start < flows.count; start++) {
    let at = start;
    while (at >= 0 && visitedBy[at] === -1) {
      visitedBy[at] = start;
      at = edgeOf[at]! < 0 ? -1 : flows.upFlow[edgeOf[at]!]!;
    }
    if (at < 0 || visitedBy[at] !== start) continue;
    const ring = [at];
    for (let up = flows.upFlow[edgeOf[at]!]!; up !== at; up = flows.upFlow[edgeOf[up]!]!) ring.push(up);
    const chunks = flows.chunks[at]!;
    const lag = flows.upLag[edgeOf[at]!]!;
    const isEven = ring.every((flow) => flows.chunks[flow] === chunks && flows.upLag[edgeOf[flow]!] === lag);
    if (isEven) rings.push({ flows: ring.reverse(), steps: Math.floor((chunks - 1) / lag) });
  }
  return rings;
}

/**
 * Raises the last delivery of each flow of a ring by the walk that ends there; tells whether
 * anything rose.
 */
function walkRing(
  { flows }: RunPlan,
  times: readonly (FlowTimes | undefined)[],
  { firstPs, lastPs }: Deliveries,
  ring: Ring,
): boolean {
  const size = ring.flows.length;
  const stepPs = ring.flows.map((flow) => delayOfFlow(flows, flow) + (times[flow]?.chunkPs ?? 0));
  const aroundPs = stepPs.reduce((sum, ps) => sum + ps, 0);
  const partial = ring.steps % size;
  const roundsPs = Math.floor(ring.steps / size) * aroundPs;
  // Sum of the `partial` steps that end at position 0, then moved along.
  let windowPs = 0;
  for (let back = 0; back < partial; back++) windowPs += stepPs[(size - back) % size]!;
  let raised = false;
  for (let end = 0; end < size; end++) {
    const origin = ring.flows[(end - partial + size) % size]!;
    const ps = firstPs[origin]! + roundsPs + windowPs;
    const flow = ring.flows[end]!;
    if (ps > lastPs[flow]!) {
      lastPs[flow] = ps;
      raised = true;
    }
    windowPs += stepPs[(end + 1) % size]! - stepPs[(end - partial + 1 + size) % size]!;
  }
  return raised;
}
