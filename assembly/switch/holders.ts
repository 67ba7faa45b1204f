/**
 * Tells which egress holds what came by an ingress, in the exact step of runs in which the causes
 * of waits are watched (MODEL.md §14).
 */
import { portAt } from "../engine/state";
import { watchHolder } from "../engine/watch";
import { run } from "../memory/arena";
import { nextRecord } from "../memory/chunks";
import { Port } from "../memory/structs/port";
import { NO_FLOW } from "../memory/structs/watch";
import { PacketRecord, packetAt } from "../packet/record";
import { accountOf, classOf, classOfAccount, laneAt, laneOf, laneOfAccount } from "../port/lanes";
import { portNumber } from "../port/port";
import { accountIn } from "../port/queue";
import { NO_PORT } from "./buffers/account";
import { portCount, ports } from "./here";

/** An ingress begins to pause its peer with a packet, which goes to a local egress. */
export function tellHolder(ingress: u32, egress: u32, packet: PacketRecord, now: u64): void {
  const flow = packet.flow;
  const account = accountOf(ingress, flow);
  const dataClass = classOf(flow);
  let most: u64 = 0;
  let holder: u32 = 0;
  for (let i: u32 = 0; i < portCount; i++) {
    const bytes =
      waitingBytes(laneAt(portAt(ports, i), dataClass), account) + (i == egress ? packet.accountedBytes : 0);
    if (bytes <= most) continue;
    most = bytes;
    holder = i;
  }
  const lane = portNumber(laneOf(portAt(ports, ingress), flow));
  watchHolder(lane, portNumber(laneAt(portAt(ports, holder), dataClass)), true, now);
}

/** Accounted bytes of the packets on an account that wait at an egress lane. */
function waitingBytes(lane: Port, account: u32): u64 {
  let bytes: u64 = 0;
  for (let record = lane.dataHead; record != 0; record = record == lane.dataTail ? 0 : nextRecord(record)) {
    const packet = packetAt(record);
    if (accountIn(packet) == account) bytes += packet.accountedBytes;
  }
  return bytes;
}

/** What has left by a local egress makes a credit update due. */
export function tellFreed(account: u32, egress: u32, now: u64): void {
  const ingress = portNumber(laneOfAccount(ports, account));
  if (egress == NO_PORT) {
    watchHolder(ingress, NO_FLOW, false, now);
    return;
  }
  const lane = laneAt(portAt(ports, egress), classOfAccount(account));
  // Where room is made at the start of a transmission, the queue still has the packet itself.
  watchHolder(ingress, portNumber(lane), lane.dataHead != 0 || run.releaseAtStart != 0, now);
}
