import type { FlowTimes } from "./certain.js";
import { type Leg, type MemberPath, memberPath } from "./member-path.js";
import { type Train, trainOf } from "./unloaded.js";
import type { PlanView } from "./view.js";
import { serializationPs } from "./wire-time.js";

/**
 * What is certain about a member of an operation that switches reduce (MODEL §12); undefined of
 * other flows. Its packets go up to the root and come back in order. Other members only delay them.
 *
 * All packets of a train leave the NIC one behind the other. The last one still has to go on. They
 * come back over one link, not before the first one has come there.
 */
export function memberTimes(view: PlanView, flow: number): FlowTimes | undefined {
  const path = memberPath(view, flow);
  if (path === undefined) return undefined;
  const { flows, wire } = view.plan;
  const one = trainOf(view, flow, 1);
  const all = trainOf(view, flow, flows.chunks[flow]!);
  const [first, last] = [path.legs[0]!, path.legs.at(-1)!];
  const packets = all.fullPackets + all.chunks;
  const overheadBytes = wire.headerBytes + wire.gapBytes;
  return {
    chunkPs: leastPs(view, path, one),
    flowPs: leastPs(view, path, all),
    srcWorkPs: workPs(view, first, all),
    dstWorkPs: workPs(view, last, all),
    srcRestPs: path.fixedPs + onwardsPs(view, path.legs.slice(1), all.lastBytes),
    dstRestPs: path.fixedPs + onwardsPs(view, path.legs.slice(0, -1), firstBytes(one)),
    wireBytes: all.fullPackets * all.mtuBytes + all.chunks * all.lastBytes + packets * overheadBytes,
    packets,
  };
}

/** From the post of a train to the return of its last packet. */
function leastPs(view: PlanView, path: MemberPath, train: Train): number {
  const { legs, fixedPs } = path;
  const afterLast = workPs(view, legs[0]!, train) + onwardsPs(view, legs.slice(1), train.lastBytes);
  const beforeFirst = onwardsPs(view, legs.slice(0, -1), firstBytes(train)) + workPs(view, legs.at(-1)!, train);
  return fixedPs + Math.max(afterLast, beforeFirst);
}

/** Payload of the first packet: packets come back in order. */
function firstBytes({ fullPackets, mtuBytes, lastBytes }: Train): number {
  return fullPackets > 0 ? mtuBytes : lastBytes;
}

/** Time that a train keeps a link busy. */
function workPs(view: PlanView, leg: Leg, { mtuBytes, lastBytes, fullPackets, chunks }: Train): number {
  return fullPackets * packetPs(view, leg, mtuBytes) + chunks * packetPs(view, leg, lastBytes);
}

/** Serialization of one packet on each of some links. */
function onwardsPs(view: PlanView, legs: readonly Leg[], payloadBytes: number): number {
  return legs.reduce((sum, leg) => sum + packetPs(view, leg, payloadBytes), 0);
}

function packetPs(view: PlanView, { linkClass, full }: Leg, payloadBytes: number): number {
  if (full) return view.wires.dataPs(linkClass, payloadBytes);
  const { ackBytes, gapBytes, serialization } = view.plan.wire;
  return serializationPs(ackBytes + gapBytes, view.fabric.linkClasses[linkClass]!.rateBps, serialization);
}
