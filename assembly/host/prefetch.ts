/** Brings what the arrivals of a window will touch into cache, level by level, so that the misses of many arrivals overlap. */
import { controlled } from "../congestion/registry";
import { sorted } from "../engine/inbox";
import { PACKET_BIT } from "../engine/key";
import { receiverAt, senderAt } from "../engine/queue-pairs";
import { TYPE_MASK } from "../packet/packet";
import { tagBytes, tagOf } from "../packet/tags";

/** Keeps the loads alive. */
let touched: u64 = 0;

/** The QPs that the arrivals are for, and the flows that wait for them. */
export function prefetchQps(count: u32): void {
  const end = sorted + count * 8;
  let sum: u64 = 0;
  for (let entry = sorted; entry < end; entry += 8) {
    const record = load<u32>(entry);
    if ((load<u32>(entry, 4) & PACKET_BIT) == 0) continue;
    const flow = load<u32>(record, 8);
    if ((load<u32>(record, 4) & TYPE_MASK) == 0) {
      sum += receiverAt(flow).expected;
    } else {
      const sender = senderAt(flow);
      sum += sender.next + sender.deadlinePs;
    }
  }
  if (controlled) sum += prefetchControl(end);
  for (let entry = sorted; entry < end; entry += 8) {
    const record = load<u32>(entry);
    if ((load<u32>(entry, 4) & PACKET_BIT) == 0 || (load<u32>(record, 4) & TYPE_MASK) != 0) continue;
    const receiver = receiverAt(load<u32>(record, 8));
    if (receiver.dependentCount != 0) sum += load<u32>(receiver.dependents);
  }
  for (let entry = sorted; entry < end; entry += 8) {
    const record = load<u32>(entry);
    if ((load<u32>(entry, 4) & PACKET_BIT) == 0 || (load<u32>(record, 4) & TYPE_MASK) != 0) continue;
    const receiver = receiverAt(load<u32>(record, 8));
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
    const record = load<u32>(entry);
    if ((load<u32>(entry, 4) & PACKET_BIT) == 0 || (load<u32>(record, 4) & TYPE_MASK) == 0) continue;
    const state = senderAt(load<u32>(record, 8)).congestion;
    sum += load<u64>(state) + load<u64>(state, 64);
    if (tagBytes != 0) sum += tagOf(record).sentPs;
  }
  return sum;
}
