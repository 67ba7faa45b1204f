/**
 * Data classes. What a port keeps of one of them (queue, pause, account, credit) lies in records of
 * its own, the port's *lane* for that class: the `Port`, `PortExtra`, `PauseClock` and `LinkCredit`
 * that come `portCount` places further on for each class. The lane of class 0 is the port itself,
 * which alone has the wire. Where there is but one class, ports are all there is.
 */
import { PORT_MASK } from "../engine/key";
import { PORT_BYTES, portAt } from "../engine/state";
import { run } from "../memory/arena";
import { FULL } from "../memory/features";
import { ClassQueue, Port } from "../memory/structs/port";
import { FLOW_MASK, LANE_SHIFT } from "../packet/packet";
import { portNumber } from "./port";

/** In the place of a class: all of them. */
export const ALL_CLASSES: u32 = 0xff;
const FRAME_CLASS_SHIFT: u32 = 8;
const ACCOUNT_CLASS_SHIFT: u32 = 10;

/** Data classes of the run. */
export let classCount: u32 = 1;
let laneBytes: u32 = 0;
let flowClasses: u32 = 0;

export function loadClassParameters(): void {
  if (FULL) classCount = run.classCount;
  laneBytes = run.portCount * PORT_BYTES;
  flowClasses = run.flowClasses;
}

/** Data class of a packet, by its second word: that of its flow, and its lane. */
@inline
export function classOf(word2: u32): u32 {
  return classCount == 1 ? 0 : load<u8>(flowClasses + (word2 & FLOW_MASK)) + (word2 >> LANE_SHIFT);
}


@inline
export function laneAt(port: Port, dataClass: u32): Port {
  return changetype<Port>(changetype<u32>(port) + dataClass * laneBytes);
}

/** The lane of a port that a packet of this second word takes. */
@inline
export function laneOf(port: Port, word2: u32): Port {
  return classCount == 1 ? port : laneAt(port, classOf(word2));
}

/** Whose account a packet is on at a local port: one number for port and class. */
@inline
export function accountOf(local: u32, word2: u32): u32 {
  return local | (classOf(word2) << ACCOUNT_CLASS_SHIFT);
}


@inline
export function localOfAccount(account: u32): u32 {
  return account & PORT_MASK;
}


@inline
export function classOfAccount(account: u32): u32 {
  return account >> ACCOUNT_CLASS_SHIFT;
}


@inline
export function laneOfAccount(ports: u32, account: u32): Port {
  if (classCount == 1) return portAt(ports, account);
  return laneAt(portAt(ports, account & PORT_MASK), account >> ACCOUNT_CLASS_SHIFT);
}

/** Data class of a lane. */
@inline
export function classOfLane(lane: Port): u32 {
  return classCount == 1 ? 0 : portNumber(lane) / run.portCount;
}

/** First word of a frame for a data class, or for all. */
@inline
export function frameWord(kind: u32, dataClass: u32): u32 {
  return kind | (dataClass << FRAME_CLASS_SHIFT);
}


@inline
export function frameKind(word1: u32): u32 {
  return word1 & ((1 << FRAME_CLASS_SHIFT) - 1);
}


@inline
export function frameClass(word1: u32): u32 {
  return word1 >> FRAME_CLASS_SHIFT;
}

/** What a port keeps of the queue of one of several classes. */
@inline
export function queueOf(lane: Port): ClassQueue {
  return changetype<ClassQueue>(run.classQueues + portNumber(lane) * offsetof<ClassQueue>());
}

/** Serialization of what is queued in the class of a packet, as marking sees it. */
export function classQueuedPs(port: Port, word2: u32): u64 {
  return classCount == 1 ? port.queuedPs : queueOf(laneOf(port, word2)).queuedPs;
}

/** A data packet is queued in the lane. */
@inline
export function addToClassQueue(lane: Port, takesPs: u64): void {
  if (classCount != 1) queueOf(lane).queuedPs += takesPs;
}

/** A data packet leaves the lane's queue. */
@inline
export function takeFromClassQueue(lane: Port, takesPs: u64): void {
  if (classCount != 1) queueOf(lane).queuedPs -= takesPs;
}
