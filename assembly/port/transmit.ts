/**
 * The start of a transmission: the wire is taken, and the peer hears of it when the packet takes
 * effect there.
 */
import { deliver } from "../engine/inbox";
import { PACKET_BIT, TIME_SHIFT } from "../engine/key";
import { windowStart } from "../engine/state";
import { watchFrame, watching, watchLostOnLink, watchTransmission } from "../engine/watch";
import { own, run } from "../memory/arena";
import { MAX_REPLAYS } from "../memory/structs/limits";
import { FULL } from "../memory/features";
import { Port, PortFlag } from "../memory/structs/port";
import { accountedBytes, DATA, TYPE_MASK, wireBytes } from "../packet/packet";
import { PacketRecord } from "../packet/record";
import { passTag, tagBytes } from "../packet/tags";
import { classQueuedPs, laneOf } from "./lanes";
import { isLost, countLostToLinkDown, countLost, lossCause } from "./loss";
import { marked } from "./marking";
import { extraOf, portNumber, serializationPs } from "./port";
import { recordHop, telemetryHops } from "./telemetry";

/** The port bits of an inbox key. */
export const KEY_PORT: u32 = (1 << TIME_SHIFT) - 1;

/**
 * Puts a packet with its tag on the wire at `startPs`, which is inside this window, for `takesPs`.
 * Returns its record at the peer; see `transmitWords`.
 */
@inline
export function transmit(port: Port, startPs: u64, takesPs: u64, packet: PacketRecord): u32 {
  const word1 = packet.word1;
  const words23 = packet.words23;
  const wire = wireBytes(word1, <u32>(words23 >> 32));
  const record = transmitWords(port, startPs, takesPs, word1, words23, wire);
  if (tagBytes != 0 && record != 0) {
    passTag(changetype<u32>(packet), record);
    if (telemetryHops != 0 && (word1 & TYPE_MASK) == DATA) recordHop(port, record, startPs, wire);
  }
  return record;
}

/**
 * Puts a packet on the wire that has no record here. The port must be free at `startPs`. Returns
 * its record at the peer, whose tag the caller writes; 0 if it gets lost on the way. The port is
 * busy until the end of the last repetition where the link repeats what is lost.
 */
@inline
export function transmitWords(port: Port, startPs: u64, takesPs: u64, word1: u32, words23: u64, wire: u32): u32 {
  let end = startPs + takesPs;
  port.busyUntilPs = end;
  port.txBytes += wire;
  own.hops++;
  if ((word1 & TYPE_MASK) == DATA) own.dataHops++;
  let first = word1;
  if (port.flags & (PortFlag.Lossy | PortFlag.MarksAtStart | PortFlag.Far)) {
    if (FULL && port.flags & PortFlag.MarksAtStart && (word1 & TYPE_MASK) == DATA) {
      const lane = laneOf(port, <u32>words23);
      first = marked(port, lane, classQueuedPs(port, <u32>words23), word1);
    }
    if (port.flags & PortFlag.Lossy && !getsThrough(port, takesPs, wire)) {
      if (watching()) tellLoss(port, startPs, takesPs, word1, words23);
      return 0;
    }
    end = port.busyUntilPs;
    if (port.flags & PortFlag.Far) end += extraOf(port).farPs;
  }
  if (watching()) watchTransmission(portNumber(port), startPs, takesPs, port.busyUntilPs, first, words23);
  const accounted = accountedBytes(word1, wire);
  const peer = port.peer;
  return deliver(
    peer >> TIME_SHIFT,
    end + port.delayPs - windowStart,
    (peer & KEY_PORT) | PACKET_BIT,
    first,
    words23,
    accounted,
  );
}

/** A packet that the port has just started is lost on the way. */
function tellLoss(port: Port, startPs: u64, takesPs: u64, word1: u32, words23: u64): void {
  const number = portNumber(port);
  watchTransmission(number, startPs, takesPs, port.busyUntilPs, word1, words23);
  watchLostOnLink(number, word1, words23, lossCause, port.busyUntilPs);
}

/**
 * Whether the frame that the port has just started arrives; its link may repeat it. Nothing arrives
 * that ends after the link went down.
 */
export function getsThrough(port: Port, takesPs: u64, wire: u32): bool {
  const extra = extraOf(port);
  const number = portNumber(port);
  const most = port.flags & PortFlag.Retries ? MAX_REPLAYS : 0;
  for (let replays: u32 = 0; <u64>port.busyUntilPs <= extra.downAtPs; replays++) {
    if (!isLost(number, extra, wire)) return true;
    if (replays == most) {
      countLost(extra, port.busyUntilPs);
      return false;
    }
    port.busyUntilPs += extra.retryPs + 2 * extra.farPs + takesPs;
    port.txBytes += wire;
    own.replays++;
  }
  countLostToLinkDown(extra);
  return false;
}

/** Puts a pause or resume frame, of this first word, on the wire. */
export function transmitFrame(port: Port, startPs: u64, word1: u32): void {
  const wire = run.pauseWireBytes;
  const end = startPs + serializationPs(port, wire);
  port.busyUntilPs = end;
  port.txBytes += wire;
  own.hops++;
  if (watching()) watchFrame(portNumber(port), startPs, end, word1);
  const extra = extraOf(port);
  const aheadPs = end + extra.pauseDelayPs + extra.farPs - windowStart;
  deliver(port.peer >> TIME_SHIFT, aheadPs, port.peer & KEY_PORT, word1, 0, 0);
}
