/**
 * Brings what the arrivals of a window will touch into cache, level by level, so that the misses of
 * many arrivals overlap.
 */
import { controlled } from "../congestion/registry";
import { sorted } from "../engine/inbox";
import { PACKET_BIT } from "../engine/key";
import { receiverAt, senderAt } from "../engine/queue-pairs";
import { packetAt } from "../packet/record";
import { tagBytes, tagOf } from "../packet/tags";

/** Keeps the loads alive. */
let touched: u64 = 0;

/** The QPs that the arrivals are for, and the flows that wait for them. */
export function prefetchQps(count: u32): void {
  const end = sorted + count * 8;
  let sum: u64 = 0;
  for (let entry = sorted; entry < end; entry += 8) {
    const packet = packetAt(load<u32>(entry));
    if ((load<u32>(entry, 4) & PACKET_BIT) == 0) continue;
    const flow = packet.flow;
    if (packet.isData) {
      sum += receiverAt(flow).expected;
    } else {
      const sender = senderAt(flow);
      sum += sender.next + sender.deadlinePs;
    }
  }
  if (controlled) sum += prefetchControl(end);
  for (let entry = sorted; entry < end; entry += 8) {
    const packet = packetAt(load<u32>(entry));
    if ((load<u32>(entry, 4) & PACKET_BIT) == 0 || !packet.isData) continue;
    const receiver = receiverAt(packet.flow);
    if (receiver.dependentCount != 0) sum += load<u32>(receiver.dependents);
  }
  for (let entry = sorted; entry < end; entry += 8) {
    const packet = packetAt(load<u32>(entry));
    if ((load<u32>(entry, 4) & PACKET_BIT) == 0 || !packet.isData) continue;
    const receiver = receiverAt(packet.flow);
    if (receiver.dependentCount == 0) continue;
    const sender = senderAt(load<u32>(receiver.dependents));
    sum += sender.next + sender.deadlinePs;
  }
  touched = sum;
}

/** What congestion control knows of the QPs that answers are for, and the answers' tags. */
function prefetchControl(end: u32): u64 {
  let sum: u64 = 0;
  for (let entry = sorted; entry < end; entry += 8) {
    const packet = packetAt(load<u32>(entry));
    if ((load<u32>(entry, 4) & PACKET_BIT) == 0 || packet.isData) continue;
    const state = senderAt(packet.flow).congestion;
    sum += load<u64>(state) + load<u64>(state, 64);
    if (tagBytes != 0) sum += tagOf(changetype<u32>(packet)).stamp;
  }
  return sum;
}
