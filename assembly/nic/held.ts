/** Tells of the queue pairs that a NIC's port held up, where causes of waits are watched. */
import { congestionOf, controlled } from "../congestion/registry";
import { senderAt } from "../engine/queue-pairs";
import { watchHeld } from "../engine/watch";
import { nextBit } from "../memory/bitmap";
import { Nic } from "../memory/structs/nic";
import { Port } from "../memory/structs/port";
import { MAX_HELD } from "../memory/structs/watch";
import { classOf, laneAt } from "../port/lanes";
import { portNumber } from "../port/port";

/** Tells of the flows of a data class that could send, in the order of their numbers. */
export function tellHeldQps(nic: Nic, dataClass: u32, nowPs: u64): void {
  const lane = portNumber(laneAt(changetype<Port>(nic.port), dataClass));
  const count = nic.sendCount;
  if (nic.sendableCount == 0) return;
  let index = count - 1;
  for (let left = min(MAX_HELD, nic.sendableCount); left != 0; left--) {
    index = count == 1 ? 0 : nextBit(nic.sendable, index, count);
    const flow = load<u32>(nic.sendList + index * 4);
    // While its own packet is on the wire a QP need not be held back (sender.ts).
    if (controlled && congestionOf(senderAt(flow)).nextSendPs >= nowPs) continue;
    if (classOf(flow) == dataClass) watchHeld(lane, flow, nowPs);
  }
}
