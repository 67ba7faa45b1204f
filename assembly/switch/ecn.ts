/** RED-style ECN marking by the backlog that a packet meets at its egress. */
import { extraOf, portNumber, backlogPs } from "../link/transmit";
import { MARK } from "../link/packet";
import { own } from "../memory/arena";
import { Port } from "../memory/structs";
import { draw, keyOf, Purpose } from "../random/hash";

/** First word of the packet, with the mark if it gets one. */
export function marked(port: Port, nowPs: u64, word1: u32): u32 {
  const extra = extraOf(port);
  const backlog = <f64>backlogPs(port, nowPs);
  if (backlog <= extra.ecnKminPs) return word1;
  if (backlog <= extra.ecnKmaxPs) {
    const bits = draw(keyOf(Purpose.Ecn, portNumber(port)), extra.ecnDraws++);
    if (<f64>bits / 4294967296.0 >= (backlog - extra.ecnKminPs) * extra.ecnSlope) return word1;
  }
  extra.ecnMarked++;
  own.ecnMarked++;
  return word1 | MARK;
}
