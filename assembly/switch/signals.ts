/**
 * Pause frames and credit updates that a switch sends in the exact step: at once, or ahead of its
 * queues.
 */
import { FULL } from "../memory/features";
import { Port } from "../memory/structs/port";
import { sendUpdate, updatePs } from "../port/credit";
import { classCount, frameWord, laneAt } from "../port/lanes";
import { framePs } from "../port/pause";
import { extraOf } from "../port/port";
import { transmitFrame } from "../port/transmit";
import { scheduleEnd } from "./ends";
import { isIdle, recordDepth, setActive, sw } from "./here";

/** Tells the peer to pause or to resume a data class. */
export function sendFrame(local: u32, port: Port, dataClass: u32, pause: bool, now: u64): void {
  if (isIdle(port, local, now)) {
    transmitFrame(port, now, frameWord(pause ? 1 : 0, dataClass));
    scheduleBusy(local, port);
  } else {
    const extra = extraOf(laneAt(port, dataClass));
    if (extra.framesWaiting == 0) extra.firstFrameIsPause = pause ? 1 : 0;
    extra.framesWaiting++;
    waitForPort(local, port, framePs(port));
  }
  recordDepth(local, port);
}

/** Tells the peer of credit, as soon as the port is free. */
export function sendCredit(local: u32, port: Port, dataClass: u32, now: u64): void {
  if (isIdle(port, local, now)) {
    sendUpdate(port, dataClass, now);
    scheduleBusy(local, port);
  } else {
    extraOf(laneAt(port, dataClass)).framesWaiting = 1;
    waitForPort(local, port, updatePs(port));
  }
  recordDepth(local, port);
}

/** A frame that takes `takesPs` waits for the port. */
@inline
function waitForPort(local: u32, port: Port, takesPs: u64): void {
  sw.framesWaiting++;
  port.queuedPs += takesPs;
  setActive(local);
  scheduleEnd(local, port.busyUntilPs);
}

/** Schedules the end of what has just started if something is released, or waits, then. */
@inline
export function scheduleBusy(local: u32, port: Port): void {
  if (port.heldBytes != 0 || port.dataHead != 0 || port.controlHead != 0 || classCount != 1) {
    scheduleEnd(local, port.busyUntilPs);
  }
}

/** Starts the first frame or update that waits for a free port; false if there is none. */
export function startSignal(local: u32, port: Port, now: u64): bool {
  for (let c: u32 = 0; c < classCount; c++) {
    const extra = extraOf(laneAt(port, c));
    if (extra.framesWaiting == 0) continue;
    extra.framesWaiting--;
    sw.framesWaiting--;
    if (FULL && sw.credited) {
      port.queuedPs -= updatePs(port);
      sendUpdate(port, c, now);
    } else {
      const pause = extra.firstFrameIsPause;
      extra.firstFrameIsPause = 1 - pause;
      port.queuedPs -= framePs(port);
      transmitFrame(port, now, frameWord(pause, c));
    }
    scheduleEnd(local, port.busyUntilPs);
    return true;
  }
  return false;
}

/** False where no frame waits for the port for sure. */
@inline
export function mayHaveSignal(port: Port): bool {
  return sw.framesWaiting != 0 && (classCount != 1 || extraOf(port).framesWaiting != 0);
}
