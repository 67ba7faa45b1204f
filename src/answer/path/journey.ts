/** The way of the packet that delivered a chunk, hop by hop (docs/MODEL.md §13). */
import { PACKET, WatchedLoss } from "../../engine/core/layout.js";
import type { WatchRecord } from "../../engine/core/watch.js";
import { classOfFlow } from "../../plan/flows.js";
import { effectPs, flightPs, type PlanView } from "../ideal/view.js";
import type { ChunkRecords, FlowRecords } from "./by-chunk.js";
import type { PathChunk } from "./chunks.js";
import type { TileList } from "./tiles.js";

/** A hop: the wait at the egress, from when the packet came there, and its transmission. */
interface Hop {
  /** When it was queued; not there at the NIC that sends. */
  readonly queuedPs: number;
  readonly transmission: WatchRecord;
}

/** The hops of the copy that was accepted, from the NIC on; undefined where they are not known. */
export function hopsOf(
  view: PlanView,
  chunk: PathChunk,
  records: ChunkRecords,
  losses: FlowRecords["losses"],
): readonly Hop[] | undefined {
  const { flows, fabric } = view.plan;
  const hops: Hop[] = [];
  const source = fabric.nics.port[flows.srcNic[chunk.flow]!]!;
  const lost = losses.filter(({ number }) => number === (chunk.packet & PACKET.NUMBER_MASK));
  let transmission = lastTransmission(view, chunk, records, lost);
  for (;;) {
    if (transmission === undefined) return undefined;
    const { place, startPs } = transmission;
    if (place === source) {
      hops.push({ queuedPs: startPs, transmission });
      return hops.reverse();
    }
    const entry = entryOf(transmission, records, lost);
    if (entry === undefined) return undefined;
    hops.push({ queuedPs: entry.startPs, transmission });
    const before = fabric.peerPort[entry.detail]!;
    transmission = records.transmissions.find(
      (other) => other.place === before && takesEffectPs(view, other) === entry.startPs,
    );
  }
}

/** When the packet of a transmission takes effect at the other end. */
function takesEffectPs(view: PlanView, { place, endPs }: WatchRecord): number {
  return endPs + flightPs(view, place) + effectPs(view, place);
}

/**
 * The transmission to the NIC that delivered the chunk. A NIC processes packets in the order in
 * which they come, even those that it held while it stalled. So it is the one after those that the
 * receiver refused.
 */
function lastTransmission(
  view: PlanView,
  { flow }: PathChunk,
  { transmissions, refusals }: ChunkRecords,
  lost: readonly WatchRecord[],
): WatchRecord | undefined {
  const { fabric, flows } = view.plan;
  const port = fabric.nics.port[flows.dstNic[flow]!]!;
  const place = fabric.peerPort[port]!;
  const isLost = (one: WatchRecord) =>
    lost.some(
      (loss) =>
        (loss.place === place && loss.startPs === one.endPs) ||
        (loss.place === port && loss.startPs === takesEffectPs(view, one)),
    );
  return transmissions.filter((one) => one.place === place && !isLost(one))[refusals.length];
}

/**
 * When the packet of a transmission was queued at its port. Queues are in order; a packet that is
 * dropped to make room was the last, one that a watchdog drops the first.
 */
function entryOf(
  { place, startPs }: WatchRecord,
  { transmissions, entries }: ChunkRecords,
  lost: readonly WatchRecord[],
) {
  const waiting: WatchRecord[] = [];
  const events = [
    ...entries.filter((one) => one.place === place).map((one) => ({ one, step: 0 })),
    ...lost.filter((one) => one.place === place && one.state === 1).map((one) => ({ one, step: 1 })),
    ...transmissions.filter((one) => one.place === place).map((one) => ({ one, step: 2 })),
  ].sort((a, b) => a.one.startPs - b.one.startPs || a.step - b.step);
  for (const { one, step } of events) {
    if (step === 0) waiting.push(one);
    else if (step === 1 && one.detail !== WatchedLoss.Watchdog) waiting.pop();
    else {
      const first = waiting.shift();
      if (step === 2 && one.startPs === startPs) return first;
    }
  }
  return undefined;
}

/** Adds the journey to the tiles, which end where its first transmission starts. */
export function addJourney(view: PlanView, chunk: PathChunk, hops: readonly Hop[], tiles: TileList): void {
  const { flow, deliveredPs } = chunk;
  const dataClass = classOfFlow(view.plan.flows, flow);
  const { nicOfPort, fabric } = view;
  for (const { transmission } of hops) {
    const { place: port, startPs, takesPs, endPs } = transmission;
    tiles.add(startPs, { flow, port, dataClass });
    tiles.add(startPs + takesPs, { cause: "serialization", flow, port });
    tiles.add(endPs, { cause: "link-retry", flow, port });
    const { propagationPs, fecPs } = fabric.linkClasses[fabric.portClass[port]!]!;
    tiles.add(endPs + propagationPs, { cause: "propagation", flow, port });
    tiles.add(endPs + propagationPs + fecPs, { cause: "fec", flow, port });
    const peer = fabric.peerPort[port]!;
    tiles.add(takesEffectPs(view, transmission), { cause: nicOfPort[peer]! < 0 ? "switch" : "nic", flow, port: peer });
  }
  tiles.add(deliveredPs, { cause: "stall", flow, port: fabric.nics.port[view.plan.flows.dstNic[flow]!]! });
}
