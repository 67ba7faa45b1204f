/**
 * A NIC with several data classes: each sends from its QPs round robin, and its answers, where they
 * are data, before those.
 */
import { NIC_BYTES, senderAt } from "../engine/queue-pairs";
import { run } from "../memory/arena";
import { firstBit } from "../memory/bitmap";
import { Nic, NicClass } from "../memory/structs/nic";
import { Port } from "../memory/structs/port";
import { gapBytes } from "../packet/packet";
import { packetAt } from "../packet/record";
import { onCredit, waitsForCredit } from "../port/credit";
import { classCount, laneAt } from "../port/lanes";
import { extraOf } from "../port/port";
import { popData } from "../port/queue";
import { chooseClass, takeTurn } from "../port/turns";
import { nextBytes, sendPacket } from "./sender";
import { startAnswer } from "./start-answer";


@inline
function nicClassAt(nic: Nic, dataClass: u32): NicClass {
  const number = (changetype<u32>(nic) - run.nics) / NIC_BYTES;
  return changetype<NicClass>(run.nicClasses + (number * classCount + dataClass) * offsetof<NicClass>());
}

/** True when something could be sent if the port were free. */
export function haveClassWork(nic: Nic, port: Port): bool {
  if (port.controlHead != 0) return true;
  for (let c: u32 = 0; c < classCount; c++) {
    if (isAble(nic, laneAt(port, c), c)) return true;
    if (onCredit && extraOf(laneAt(port, c)).framesWaiting != 0) return true;
  }
  return false;
}

/** Whether the class has a packet and is not held. */
function isAble(nic: Nic, lane: Port, dataClass: u32): bool {
  if (lane.paused) return false;
  if (lane.dataHead != 0) return true;
  if (nic.sendableCount == 0) return false;
  const qps = nicClassAt(nic, dataClass);
  return firstBit(nic.sendable, qps.first, qps.end) != qps.end;
}

/** Starts the packet that is next on a free port, if any class has credit for it. */
export function startClass(nic: Nic, port: Port, startPs: u64): void {
  for (;;) {
    let able: u32 = 0;
    for (let c: u32 = 0; c < classCount; c++) if (isAble(nic, laneAt(port, c), c)) able |= 1 << c;
    if (able == 0) return;
    const chosen = chooseClass(port, able);
    if (startOf(nic, port, chosen, startPs)) return;
  }
}

/** Starts the class's next packet; false where it waits for credit. */
function startOf(nic: Nic, port: Port, dataClass: u32, startPs: u64): bool {
  const lane = laneAt(port, dataClass);
  if (lane.dataHead != 0) {
    if (onCredit && waitsForCredit(lane, run.ackWireBytes - gapBytes, startPs)) return false;
    takeTurn(port, dataClass, run.ackWireBytes);
    startAnswer(port, packetAt(lane.dataHead), startPs);
    popData(lane);
    return true;
  }
  const qps = nicClassAt(nic, dataClass);
  let index = firstBit(nic.sendable, qps.lastServed + 1, qps.end);
  if (index == qps.end) index = firstBit(nic.sendable, qps.first, qps.end);
  const flow = load<u32>(nic.sendList + index * 4);
  const bytes = nextBytes(senderAt(flow));
  if (onCredit && waitsForCredit(lane, bytes, startPs)) return false;
  qps.lastServed = index;
  takeTurn(port, dataClass, bytes + gapBytes);
  sendPacket(nic, port, flow, senderAt(flow), startPs);
  return true;
}
