/**
 * Credit on links. A sender starts a packet if it knows of room in the receive buffer at the other
 * end. The receiver tells of room in credit updates. Counts are cumulative, so a delayed update
 * covers all blocks freed since.
 */
import { deliver } from "../engine/inbox";
import { TIME_SHIFT } from "../engine/key";
import { portAt, windowStart } from "../engine/state";
import { watchCredit, watchesWaits, watchFrame, watching } from "../engine/watch";
import { own, run } from "../memory/arena";
import { check, DEBUG } from "../memory/debug";
import { FULL } from "../memory/features";
import { Hold, LinkCredit, Port, PortFlag } from "../memory/structs/port";
import { gapBytes, isControl } from "../packet/packet";
import { tellHeld } from "./held";
import { frameKind, frameWord, laneAt, laneOf } from "./lanes";
import { extraOf, portNumber, serializationPs } from "./port";

/**
 * First word of a credit update, whose second and third are the limit; pause and resume frames have
 * 1 and 0 there.
 */
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
  return frameKind(word1) == UPDATE;
}


@inline
function creditOf(lane: Port): LinkCredit {
  return changetype<LinkCredit>(run.credits + portNumber(lane) * offsetof<LinkCredit>());
}


@inline
function blocksOf(bytes: u32): u32 {
  return (bytes + blockBytes - 1) / blockBytes;
}

/**
 * Whether a lane of a free port has too little credit for a data packet of `bytes` accounted bytes.
 * If so, the lane is held until an update comes.
 */
export function waitsForCredit(lane: Port, bytes: u32, nowPs: u64): bool {
  if ((lane.flags & PortFlag.OnCredit) == 0) return false;
  const credit = creditOf(lane);
  if (DEBUG) check(credit.sentBlocks <= credit.limitBlocks, 20);
  if (credit.sentBlocks + blocksOf(bytes) <= credit.limitBlocks) return false;
  lane.paused = <u8>Hold.Credit;
  credit.waitingSincePs = nowPs;
  if (watchesWaits()) watchCredit(portNumber(lane), true, nowPs);
  return true;
}

/** A packet was started, and will arrive. */
@inline
export function spendCredit(port: Port, word1: u32, word2: u32, wire: u32): void {
  if ((port.flags & PortFlag.OnCredit) != 0 && !isControl(word1))
    creditOf(laneOf(port, word2)).sentBlocks += blocksOf(wire - gapBytes);
}

/**
 * A data packet of `bytes` accounted bytes has left the receive buffer of a lane. Returns whether
 * an update is to be sent.
 */
export function freeCredit(lane: Port, bytes: u32): bool {
  if ((lane.flags & PortFlag.GivesCredit) == 0) return false;
  const credit = creditOf(lane);
  if (DEBUG) check(credit.toldBlocks <= credit.allowedBlocks, 21);
  credit.allowedBlocks += blocksOf(bytes);
  if (extraOf(lane).framesWaiting != 0 || credit.allowedBlocks - credit.toldBlocks < credit.updateBlocks) return false;
  own.creditUpdatesSent++;
  return true;
}

/** Keeps the loads of `prefetchCredit` alive. */
let touched: u64 = 0;

/** Brings what ports keep of credit into cache before it is needed: the misses overlap. */
export function prefetchCredit(ports: u32, portCount: u32): void {
  let sum: u64 = 0;
  for (let i: u32 = 0; i < portCount; i++) {
    const port = portAt(ports, i);
    sum += creditOf(port).sentBlocks + extraOf(port).framesWaiting;
  }
  touched = sum;
}

/** Time that a credit update takes on the port's link. */
export function updatePs(port: Port): u64 {
  return serializationPs(port, run.creditWireBytes);
}

/** Puts the credit update of a data class on the wire. */
export function sendUpdate(port: Port, dataClass: u32, startPs: u64): void {
  const credit = creditOf(laneAt(port, dataClass));
  const limit = credit.allowedBlocks;
  credit.toldBlocks = limit;
  const end = startPs + updatePs(port);
  port.busyUntilPs = end;
  port.txBytes += run.creditWireBytes;
  own.hops++;
  if (watching()) watchFrame(portNumber(port), startPs, end, frameWord(UPDATE, dataClass));
  const extra = extraOf(port);
  const aheadPs = end + extra.pauseDelayPs + extra.farPs - windowStart;
  deliver(port.peer >> TIME_SHIFT, aheadPs, port.peer & KEY_PORT, frameWord(UPDATE, dataClass), limit, 0);
}

/**
 * A credit update takes effect: the lane is not held any more. Returns since when it has waited,
 * for `countWait`.
 */
export function takeUpdate(lane: Port, limitBlocks: u64, nowPs: u64): u64 {
  const credit = creditOf(lane);
  if (DEBUG) check(limitBlocks >= credit.limitBlocks, 22);
  credit.limitBlocks = limitBlocks;
  if (lane.paused == Hold.Credit) {
    lane.paused = <u8>Hold.None;
    if (watchesWaits()) tellHeld(lane, nowPs);
  }
  return credit.waitingSincePs;
}

/**
 * Counts the wait that an update has ended, unless the port has looked again and found too little.
 */
export function countWait(lane: Port, sincePs: u64, nowPs: u64): void {
  const credit = creditOf(lane);
  if (lane.paused == Hold.Credit) {
    credit.waitingSincePs = sincePs;
    return;
  }
  if (DEBUG) check(nowPs >= sincePs, 23);
  if (watchesWaits()) watchCredit(portNumber(lane), false, nowPs);
  credit.waitPs += nowPs - sincePs;
  credit.longestWaitPs = max(credit.longestWaitPs, nowPs - sincePs);
}
