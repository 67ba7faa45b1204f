import type { FlowTimes } from "./certain.js";
import { type Boundary, cutsOf } from "./cuts.js";
import { extremes } from "./reach.js";
import type { PlanView } from "./view.js";

/**
 * A time, in ps, before which these flows cannot all be delivered, for lack of capacity: the NIC of
 * each source, the link to each destination, and the boundaries of nodes, leaves and pods, and on
 * listed fabrics of narrow cuts.
 *
 * A resource that some flows must cross is busy for their whole work, once the first of them has
 * come to it. After the crossing the rest of the way is still to come:
 * `T >= earliest start + work + least rest`. Flows are added from the latest start to the earliest,
 * so every set "all that start at s or later" is tried. Dependencies can only delay more.
 */
export function capacityBoundPs(view: PlanView, times: readonly (FlowTimes | undefined)[]): number {
  const { flows, fabric } = view.plan;
  const { nics } = fabric;
  const sources = new Resources(nics.count);
  const destinations = new Resources(nics.count);
  const boundaries = cutsOf(view, extremes(view))
    .filter(({ level }) => level !== "gpu")
    .flatMap(({ groupCount, groupOfRank, egress, ingress }) => [
      { groupOfRank, isEgress: true, ...boundaryResources(view, groupCount, egress) },
      { groupOfRank, isEgress: false, ...boundaryResources(view, groupCount, ingress) },
    ]);

  for (const flow of latestFirst(flows.startPs)) {
    const certain = times[flow];
    if (certain === undefined) continue;
    const startPs = flows.startPs[flow]!;
    const src = flows.srcNic[flow]!;
    const dst = flows.dstNic[flow]!;
    sources.add(src, startPs, certain.srcWorkPs, certain.srcRestPs);
    destinations.add(dst, startPs, certain.dstWorkPs, certain.dstRestPs);
    for (const { groupOfRank, isEgress, resources, psPerWireByte, psPerPacket, restPs } of boundaries) {
      const from = groupOfRank[nics.rank[src]!]!;
      const to = groupOfRank[nics.rank[dst]!]!;
      if (from === to) continue;
      const group = isEgress ? from : to;
      const workPs = certain.wireBytes * psPerWireByte[group]! - certain.packets * psPerPacket[group]!;
      resources.add(group, startPs, workPs, restPs[group]!);
    }
  }
  return Math.max(sources.boundPs, destinations.boundPs, ...boundaries.map(({ resources }) => resources.boundPs));
}

/** Things that flows keep busy, each with the bound that follows from the flows added so far. */
class Resources {
  boundPs = 0;
  private readonly workPs: Float64Array;
  private readonly restPs: Float64Array;

  constructor(count: number) {
    this.workPs = new Float64Array(count);
    this.restPs = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  }

  /** Flows come in the order of falling start times. */
  add(index: number, startPs: number, workPs: number, restPs: number): void {
    this.workPs[index]! += workPs;
    this.restPs[index] = Math.min(this.restPs[index]!, restPs);
    this.boundPs = Math.max(this.boundPs, startPs + this.workPs[index]! + this.restPs[index]!);
  }
}

/**
 * Links of rates `r` that are busy for T carry `T·Σr` bits at most. Rounding takes time off each
 * packet and so allows more; it is counted at the fastest of the links.
 */
function boundaryResources(view: PlanView, groupCount: number, { links, headPs, tailPs }: Boundary) {
  const { linkClasses } = view.fabric;
  const psPerWireByte = new Float64Array(groupCount);
  const psPerPacket = new Float64Array(groupCount);
  for (let group = 0; group < groupCount; group++) {
    let rateBps = 0;
    let lostBits = 0;
    linkClasses.forEach((link, linkClass) => {
      const count = links[group * linkClasses.length + linkClass]!;
      if (count === 0) return;
      rateBps += count * link.rateBps;
      lostBits = Math.max(lostBits, view.wires.roundingPs(linkClass) * link.rateBps);
    });
    // A group without links: its flows have no way and are not counted.
    psPerWireByte[group] = rateBps > 0 ? 8e12 / rateBps : 0;
    psPerPacket[group] = rateBps > 0 ? lostBits / rateBps : 0;
  }
  const restPs = headPs.map((ps, group) => ps + tailPs[group]!);
  return { resources: new Resources(groupCount), psPerWireByte, psPerPacket, restPs };
}

function latestFirst(startPs: Float64Array): Uint32Array {
  const order = Uint32Array.from(startPs, (_, flow) => flow);
  const isSame = startPs.every((ps) => ps === startPs[0]);
  return isSame ? order : order.sort((a, b) => startPs[b]! - startPs[a]!);
}
