/** What the reduction unit of a switch takes up and sends, in the exact step. */
import { portAt } from "../engine/state";
import { PacketRecord } from "../packet/record";
import { accountOf, laneOf } from "../port/lanes";
import { outgoing, releaseSum, takeUp } from "../reduction/unit";
import { NO_ACCOUNT, NO_PORT } from "./buffers/account";
import * as credit from "./buffers/credit";
import { advanceSum, ports, sw } from "./here";
import { mark, queue, releaseBytes } from "./start";

/** The reduction unit takes a packet up, which leaves the buffer with that. */
export function reduce(ingress: u32, packet: PacketRecord, now: u64): void {
  if (sw.credited && !packet.isControl) {
    const flow = packet.flow;
    credit.admit(sw, laneOf(portAt(ports, ingress), flow), packet.accountedBytes);
    releaseBytes(accountOf(ingress, flow), NO_PORT, packet.accountedBytes, now);
  }
  sendOutgoing(takeUp(sw, ingress, packet, now), now);
  advanceSum();
}

/** Releases the sums that are due at `now`. */
export function releaseSums(now: u64): void {
  for (let count = releaseSum(sw, now); count != 0; count = releaseSum(sw, now)) sendOutgoing(count, now);
}

/** Sends what the reduction unit has made ready. */
function sendOutgoing(count: u32, now: u64): void {
  for (let i: u32 = 0; i < count; i++) {
    const packet = outgoing(i);
    const port = portAt(ports, packet.key);
    mark(port, packet, now);
    queue(packet.key, port, now, NO_ACCOUNT, packet);
  }
}
