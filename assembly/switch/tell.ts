/** What the exact step tells of packets where a run is watched (engine/watch.ts). */
import { portAt } from "../engine/state";
import { watchEntry, watching, watchLoss } from "../engine/watch";
import { WatchedLoss } from "../memory/structs/watch";
import { PacketRecord } from "../packet/record";
import { portNumber } from "../port/port";
import { ports } from "./here";

/** A data packet goes to the queue of an egress. */
@inline
export function tellEntry(egress: u32, ingress: u32, packet: PacketRecord, now: u64): void {
  if (watching()) watchEntry(portNumber(portAt(ports, egress)), portNumber(portAt(ports, ingress)), packet, now);
}

/** A packet is lost at an egress; `queued`: it waited there. */
@inline
export function tellLoss(egress: u32, packet: PacketRecord, loss: WatchedLoss, queued: bool, now: u64): void {
  if (watching()) watchLoss(portNumber(portAt(ports, egress)), packet, loss, queued, now);
}
