/** What frames and credit updates that take effect at a port of a switch do, in the exact step. */
import { portAt } from "../engine/state";
import { Hold, Port } from "../memory/structs/port";
import { clocked, clockOf } from "../port/clock";
import { countWait, takeUpdate } from "../port/credit";
import { ALL_CLASSES, classCount, laneAt } from "../port/lanes";
import { pausePort, resumePort } from "../port/pause";
import { advanceClock, isIdle, ports, recordDepth, sw } from "./here";
import { startNext } from "./start";
import { recordWish, watch } from "./watchdog";

/** A pause (1) or resume (0) frame for a data class or all takes effect, or a pause lapses. */
export function takeFrame(local: u32, kind: u32, dataClass: u32, now: u64): void {
  const port = portAt(ports, local);
  let resumed = false;
  if (dataClass == ALL_CLASSES) {
    for (let c: u32 = 0; c < classCount; c++) if (applyPause(laneAt(port, c), kind, now)) resumed = true;
  } else {
    resumed = applyPause(laneAt(port, dataClass), kind, now);
  }
  if (resumed) lookForNext(local, port, now);
}

/** What a frame does to a lane. Returns whether that may send again. */
function applyPause(lane: Port, kind: u32, now: u64): bool {
  if (sw.guarded && clockOf(lane).storming) {
    recordWish(lane, kind != 0, now);
    advanceClock(lane);
    return false;
  }
  if (kind != 0) {
    if (pausePort(lane, now)) sw.pausedPorts++;
    if (sw.guarded) watch(lane, now);
    if (clocked) advanceClock(lane);
    return false;
  }
  if (!resumePort(lane, now)) return false;
  sw.pausedPorts--;
  return true;
}

/** A credit update takes effect. */
export function takeCredit(local: u32, dataClass: u32, limitBlocks: u64, now: u64): void {
  const port = portAt(ports, local);
  const lane = laneAt(port, dataClass);
  const held = lane.paused == Hold.Credit;
  const since = takeUpdate(lane, limitBlocks, now);
  if (!held) return;
  sw.pausedPorts--;
  lookForNext(local, port, now);
  countWait(lane, since, now);
}

/** A port that was held may go on. */
export function lookForNext(local: u32, port: Port, now: u64): void {
  if (isIdle(port, local, now)) startNext(local, port, now);
  recordDepth(local, port);
}
