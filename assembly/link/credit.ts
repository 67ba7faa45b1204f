/**
 * Credit on links: a sender starts what the receive buffer at the other end is known to have room for, and the receiver tells it of room in
 * credit updates. Both ends count blocks since the beginning, so an update that waited tells of everything that became free meanwhile.
 */
import { FULL } from "../features";
import { deliver } from "../engine/inbox";
import { TIME_SHIFT } from "../engine/key";
import { windowStart } from "../engine/state";
import { own, run } from "../memory/arena";
import { Hold, LinkCredit, Port, PortFlag } from "../memory/structs";
import { gapBytes, isControl } from "./packet";
import { extraOf, portNumber, serializationPs } from "./transmit";

/** First word of a credit update, whose second and third are the limit; pause and resume frames have 1 and 0 there. */
const UPDATE: u32 = 2;
const KEY_PORT: u32 = (1 << TIME_SHIFT) - 1;

/** Whether any link of the run is on credit. */
export let onCredit: bool = false;
let blockBytes: u32 = 1;

export function loadCreditParameters(): void {
  if (FULL) onCredit = run.creditBlockBytes != 0;
  blockBytes = max(run.creditBlockBytes, 1);
}


@inline
export function isUpdate(word1: u32): bool {
  return word1 == UPDATE;
}


@inline
function creditOf(port: Port): LinkCredit {
  return changetype<LinkCredit>(run.credits + portNumber(port) * offsetof<LinkCredit>());
}


@inline
function blocksOf(bytes: u32): u32 {
  return (bytes + blockBytes - 1) / blockBytes;
}

/** Whether a free port has too little credit for a data packet of so many accounted bytes. If so, it is held until an update comes. */
export function waitsForCredit(port: Port, bytes: u32, nowPs: u64): bool {
  if ((port.flags & PortFlag.OnCredit) == 0) return false;
  const credit = creditOf(port);
  if (credit.sentBlocks + blocksOf(bytes) <= credit.limitBlocks) return false;
  port.paused = <u8>Hold.Credit;
  credit.waitingSincePs = nowPs;
  return true;
}

/** A packet was started, and will arrive. */
@inline
export function noteSentOnCredit(port: Port, word1: u32, wire: u32): void {
  if ((port.flags & PortFlag.OnCredit) != 0 && !isControl(word1))
    creditOf(port).sentBlocks += blocksOf(wire - gapBytes);
}

/** A data packet of so many accounted bytes has left the receive buffer of the port. Returns whether an update is to be sent. */
export function freeCredit(port: Port, bytes: u32): bool {
  if ((port.flags & PortFlag.GivesCredit) == 0) return false;
  const credit = creditOf(port);
  credit.allowedBlocks += blocksOf(bytes);
  if (extraOf(port).framesWaiting != 0 || credit.allowedBlocks - credit.toldBlocks < credit.updateBlocks) return false;
  own.creditUpdatesSent++;
  return true;
}

/** Time that a credit update takes on the port's link. */
export function updatePs(port: Port): u64 {
  return serializationPs(port, run.creditWireBytes);
}

/** Puts a credit update on the wire. */
export function sendUpdate(port: Port, startPs: u64): void {
  const credit = creditOf(port);
  const limit = credit.allowedBlocks;
  credit.toldBlocks = limit;
  const end = startPs + updatePs(port);
  port.busyUntilPs = end;
  port.txBytes += run.creditWireBytes;
  own.hops++;
  const aheadPs = end + extraOf(port).pauseDelayPs - windowStart;
  deliver(port.peer >> TIME_SHIFT, aheadPs, port.peer & KEY_PORT, UPDATE, limit, 0);
}

/** A credit update takes effect: the port is not held any more. Returns since when it has waited, for `noteWait`. */
export function takeUpdate(port: Port, limitBlocks: u64): u64 {
  const credit = creditOf(port);
  credit.limitBlocks = limitBlocks;
  if (port.paused == Hold.Credit) port.paused = <u8>Hold.None;
  return credit.waitingSincePs;
}

/** Counts the wait that an update has ended, unless the port has looked again and found too little. */
export function noteWait(port: Port, sincePs: u64, nowPs: u64): void {
  const credit = creditOf(port);
  if (port.paused == Hold.Credit) {
    credit.waitingSincePs = sincePs;
    return;
  }
  credit.waitPs += nowPs - sincePs;
  credit.longestWaitPs = max(credit.longestWaitPs, nowPs - sincePs);
}
