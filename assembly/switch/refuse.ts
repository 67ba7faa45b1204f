/**
 * What becomes of a packet that a lossy switch has no room for: dropped, cut, or another in its
 * place.
 */
import { portAt } from "../engine/state";
import { own, run } from "../memory/arena";
import { Port } from "../memory/structs/port";
import { Victim } from "../memory/structs/run";
import { WatchedLoss } from "../memory/structs/watch";
import { gapBytes } from "../packet/packet";
import { packetAt } from "../packet/record";
import { takeFromClassQueue } from "../port/lanes";
import { extraOf, portNumber, serializationPs } from "../port/port";
import { ingressIn } from "../port/queue";
import { draw, keyOf, pick, Purpose } from "../random/hash";
import { fits, release } from "./buffers/tail-drop";
import { ports, sw } from "./here";
import { queue } from "./start";
import { tellLoss } from "./tell";
import { contend, cut, isCut } from "./victims";

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

/**
 * Takes the data packet that waits last out of its queue. Its record stays, for another to take.
 */
export function refuseLast(egress: u32, port: Port, lane: Port, now: u64): void {
  const last = packetAt(lane.dataTail);
  const wire = last.wireBytes;
  takeFromQueue(port, lane, serializationPs(port, wire));
  release(sw, lane, wire - gapBytes);
  tellLoss(egress, last, isCut(last) ? WatchedLoss.Trimmed : WatchedLoss.Congestion, true, now);
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

/** Counts a packet that found no room, at the ingress by which it came. */
export function countDropped(ingress: u32): void {
  extraOf(portAt(ports, ingress)).droppedCongestion++;
  own.droppedCongestion++;
}
