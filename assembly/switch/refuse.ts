/**
 * What becomes of a packet that a lossy switch has no room for: dropped, cut, or another in its
 * place.
 */
import { portAt } from "../engine/state";
import { own, run } from "../memory/arena";
import { Port } from "../memory/structs/port";
import { Victim } from "../memory/structs/run";
import { gapBytes, MARK, TRIMMED } from "../packet/packet";
import { PacketRecord, packetAt } from "../packet/record";
import { takeFromClassQueue } from "../port/lanes";
import { extraOf, portNumber, serializationPs } from "../port/port";
import { ingressIn } from "../port/queue";
import { draw, keyOf, pick, Purpose } from "../random/hash";
import { discharge } from "./buffers/account";
import { fits } from "./buffers/tail-drop";
import { ports, sw } from "./here";
import { queue } from "./start";

/**
 * Whether the data packet that waits last gives way to one of `bytes` that does not fit, but would
 * in its place: a matter of chance. The next in turn does not.
 */
export function givesWay(port: Port, lane: Port, bytes: u32, now: u64): bool {
  const number = contend(port, lane, now);
  if (run.victim == Victim.Arriving || lane.dataHead == lane.dataTail) return false;
  if (!fits(sw, lane, bytes, packetAt(lane.dataTail).accountedBytes)) return false;
  const bits = draw(keyOf(Purpose.Full, portNumber(port)), extraOf(port).victimDraws++);
  return run.victim == Victim.Fair ? pick(bits, number + 1) == 0 : <i32>bits >= 0;
}

/** Which of the packets this one is that did not fit during the transmission in progress. */
function contend(port: Port, lane: Port, now: u64): u32 {
  const extra = extraOf(lane);
  const goesOn = port.busyUntilPs >= <i64>now && extra.contestEndPs == <u64>port.busyUntilPs;
  extra.contestEndPs = port.busyUntilPs;
  extra.contenders = goesOn ? extra.contenders + 1 : 1;
  return extra.contenders;
}

/**
 * Takes the data packet that waits last out of its queue. Its record stays, for another to take.
 */
export function refuseLast(egress: u32, port: Port, lane: Port, now: u64): void {
  const last = packetAt(lane.dataTail);
  const wire = last.wireBytes;
  takeFromQueue(port, lane, serializationPs(port, wire));
  discharge(sw, lane, wire - gapBytes);
  if (isCut(last)) {
    cut(last);
    queue(egress, port, now, egress, last);
  } else {
    countDropped(ingressIn(last));
  }
}

/** A data packet that would have taken so long is not queued any more. */
@inline
export function takeFromQueue(port: Port, lane: Port, takesPs: u64): void {
  port.queuedPs -= takesPs;
  takeFromClassQueue(lane, takesPs);
}

/** Whether the packet is cut to its header where it does not fit. */
@inline
export function isCut(packet: PacketRecord): bool {
  return run.trim != 0 && packet.isData;
}

/** Cuts a packet to its header. */
@inline
export function cut(packet: PacketRecord): void {
  own.trimmed++;
  packet.word1 = (packet.word1 & ~MARK) | TRIMMED;
}

/** Counts a packet that found no room, at the ingress by which it came. */
export function countDropped(ingress: u32): void {
  extraOf(portAt(ports, ingress)).droppedCongestion++;
  own.droppedCongestion++;
}
