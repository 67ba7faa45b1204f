/** What is queued at a port, in time, once its rate has changed. */
import { nextRecord } from "../memory/chunks";
import { Port, PortFlag } from "../memory/structs/port";
import { packetAt } from "../packet/record";
import { updatePs } from "./credit";
import { classCount, laneAt, queueOf } from "./lanes";
import { framePs } from "./pause";
import { extraOf, serializationPs } from "./port";

/**
 * Counts all that waits at a port by its present rate. Pause frames that wait at a NIC, which go
 * before all else, are not on its queue.
 */
export function recountQueue(port: Port, isSwitch: bool): void {
  const frame = port.flags & PortFlag.GivesCredit ? updatePs(port) : isSwitch ? framePs(port) : 0;
  let sum: u64 = 0;
  if (port.controlHead != 0) sum += listPs(port, port.controlHead, extraOf(port).controlTail);
  for (let c: u32 = 0; c < classCount; c++) {
    const lane = laneAt(port, c);
    const data = lane.dataHead == 0 ? 0 : listPs(port, lane.dataHead, lane.dataTail);
    if (classCount != 1) queueOf(lane).queuedPs = data;
    sum += data + extraOf(lane).framesWaiting * frame;
  }
  port.queuedPs = sum;
}

/** Serialization of the packets from one record of a queue to another. */
function listPs(port: Port, head: u32, tail: u32): u64 {
  let sum = serializationPs(port, packetAt(head).wireBytes);
  for (let record = head; record != tail;) {
    record = nextRecord(record);
    sum += serializationPs(port, packetAt(record).wireBytes);
  }
  return sum;
}
