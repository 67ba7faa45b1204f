/**
 * RED-style ECN marking by the backlog of an egress: what a packet meets when it is queued, or
 * leaves behind when its transmission starts.
 */
import { own, run } from "../memory/arena";
import { FULL } from "../memory/features";
import { Port } from "../memory/structs/port";
import { MARK } from "../packet/packet";
import { draw, keyOf, Purpose } from "../random/hash";
import { extraOf, portNumber } from "./port";

/** Whether packets are marked when they are queued. */
export let marksAtQueue: bool = false;
/** No packet is marked at this backlog or less, whatever the port. */
let leastKminPs: f64 = 0;

export function loadMarkingParameters(): void {
  if (FULL) marksAtQueue = run.marksAtQueue != 0;
  leastKminPs = run.leastKminPs;
}

/** Whether a packet may be marked at this backlog: what the port says need not be looked at. */
@inline
export function mayMark(backlogPs: u64): bool {
  return <f64>backlogPs > leastKminPs;
}

/**
 * First word of the packet, with the mark if it gets one at this backlog. The thresholds are those
 * of its lane.
 */
export function marked(port: Port, lane: Port, backlogPs: u64, word1: u32): u32 {
  const thresholds = extraOf(lane);
  const extra = extraOf(port);
  const backlog = <f64>backlogPs;
  if (backlog <= thresholds.ecnKminPs) return word1;
  if (backlog <= thresholds.ecnKmaxPs) {
    const bits = draw(keyOf(Purpose.Ecn, portNumber(port)), extra.ecnDraws++);
    if (<f64>bits / 4294967296.0 >= (backlog - thresholds.ecnKminPs) * thresholds.ecnSlope) return word1;
  }
  extra.ecnMarked++;
  own.ecnMarked++;
  return word1 | MARK;
}
