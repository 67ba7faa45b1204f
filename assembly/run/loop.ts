/**
 * The main loop: conservative parallel discrete-event simulation with a bounded lookahead. The
 * first thread directs it. Windows come in order, and each steps the devices that have something to
 * do.
 */
import { startCongestionControl } from "../congestion/registry";
import { arriveAtBarrier, awaitOthers, awaitTurn, callOthers } from "../engine/barrier";
import {
  activeThreads,
  deviceAt,
  enterWindow,
  NEVER,
  startOf,
  threadAt,
  windowEnd,
  windowStart,
} from "../engine/state";
import {
  clearMarks,
  dismissSwitches,
  nextWindow,
  scanFarWakes,
  take,
  takeAll,
  waiting,
  wordCount,
} from "../engine/wake";
import { NO_GOAL, sample } from "../fast-forward/watch";
import { stepHosts } from "../host/step";
import { FAILED_POLICY, own, run } from "../memory/arena";
import { storePool } from "../memory/chunks";
import { DeviceKind } from "../memory/structs/device";
import { Status } from "../memory/structs/run";
import { startGranters } from "../nic/granter";
import { sweepDepths } from "../port/depths";
import { startLoss } from "../port/loss";
import { startTurns } from "../port/turns";
import { startRouting } from "../routing/route";
import { startSpraying } from "../spraying/registry";
import { stepSwitch } from "../switch/step";
import { cutAtChange, makeMoves, startChanges } from "./changes";
import { cutAtFailure } from "./failure";
import { isAtRest } from "./rest";
import { addThread } from "./thread";

/**
 * How long a run goes on when all is acknowledged, where it would not end by itself: the longest
 * window.
 */
const REST_PS: u64 = 1 << 20;

/** Takes the tables that TypeScript has written and makes the first window ready. */
export function begin(): void {
  startRouting();
  startLoss();
  addThread();
  startTurns();
  startCongestionControl();
  startSpraying();
  startGranters();
  startChanges();
  run.activeThreads = 1;
  run.samplesWanted = NO_GOAL;
  run.status = Status.Running;
  run.lastPs = run.timeLimitPs;
}

/**
 * The first thread: simulates until about `hops` more packets have crossed a link, or the next
 * window begins after `untilPs`, or the run ends. It also stops when another thread is overdue, or
 * the watched sender has been seen often enough. Returns the status.
 */
export function advance(hops: f64, untilPs: f64): Status {
  const target = hopsSoFar() + <u64>hops;
  while (run.awaited || (hopsSoFar() < target && run.status == Status.Running && run.sampleCount < run.samplesWanted)) {
    if (!run.awaited) {
      const index = nextSafeWindow(untilPs);
      if (index != NEVER && <f64>(<i64>startOf(index)) > untilPs) return Status.Reached;
      if (!openWindow(index)) break;
      run.awaited = 1;
      if (activeThreads != 1) callOthers();
      stepShare();
    }
    if (activeThreads != 1 && !awaitOthers()) break;
    run.awaited = 0;
    closeWindow();
    if (run.watched != 0) sample();
  }
  return run.status;
}

/** Another thread: takes part in every window that it is called to, until it is dismissed. */
export function work(): void {
  while (awaitTurn()) {
    enterWindow();
    stepShare();
    arriveAtBarrier();
  }
}

/**
 * The next window to visit, which ends where the first QP may fail in it, or before a change; NEVER
 * when nothing is left. A window after the end of the run stands: timers that the end has cut off
 * lie before it.
 */
function nextSafeWindow(untilPs: f64): u64 {
  const latestPs = min(untilPs, <f64>run.lastPs);
  let index = nextInUse();
  while (index != NEVER && (makeMoves(index, latestPs) || isCut(index, latestPs))) index = nextInUse();
  return index;
}

/** Whether the window, which begins by `latestPs`, has been cut. */
function isCut(index: u64, latestPs: f64): bool {
  return <f64>(<i64>startOf(index)) <= latestPs && (cutAtFailure(index) || cutAtChange(index));
}


@inline
function nextInUse(): u64 {
  return nextWindow(run.windows == 0 ? 0 : run.windowIndex + 1);
}

/** Enters the window; false where the run ends before it. */
function openWindow(index: u64): bool {
  if (index == NEVER || <i64>startOf(index) > <i64>run.lastPs) {
    run.status = isAtRest() ? Status.Quiet : Status.TimeLimit;
    return false;
  }
  run.windowIndex = index;
  run.nowPs = <u64>max<i64>(<i64>startOf(index), 0);
  enterWindow();
  scanFarWakes();
  sweepDepths(run.nowPs);
  if (<i64>windowStart < 0) dismissSwitches();
  clearMarks();
  run.windows++;
  return true;
}

/**
 * Looks for a QP or a routing policy that failed in this window, and for the last acknowledgement.
 */
function closeWindow(): void {
  if (run.endsWhenAcked && run.lastPs == run.timeLimitPs) endAfterLastAck();
  for (let i: u32 = 0; i < run.threadCount; i++) {
    const thread = threadAt(i);
    if (!thread.failed) continue;
    if ((thread.failed & FAILED_POLICY) != 0) {
      run.status = Status.PolicyFailed;
      return;
    }
    const first = run.status != Status.QpFailed;
    if (!first && run.failedAtPs < thread.failedAtPs) continue;
    if (!first && run.failedAtPs == thread.failedAtPs && run.failedFlow < thread.failedFlow) continue;
    run.status = Status.QpFailed;
    run.failedAtPs = thread.failedAtPs;
    run.failedFlow = thread.failedFlow;
  }
}

/**
 * Where all flows are acknowledged and all programs have ended, sees to it that the run ends. It
 * may not come to rest: a window is shorter than what is left to it.
 */
function endAfterLastAck(): void {
  let acked: u64 = 0;
  let ended: u64 = 0;
  let endPs: u64 = 0;
  for (let i: u32 = 0; i < run.threadCount; i++) {
    acked += threadAt(i).flowsAcked;
    ended += threadAt(i).programsEnded;
    endPs = max(endPs, threadAt(i).endPs);
  }
  if (acked == run.flowCount && ended == run.programRankCount) run.lastPs = min(run.timeLimitPs, endPs + REST_PS);
}

/** Steps devices that no other thread has taken until none is left. */
function stepShare(): void {
  const visits = own.visits;
  const words = wordCount();
  for (let i: u32 = 0; i < words; i++) stepWord(activeThreads == 1 ? i : load<u32>(visits + i * 4));
  storePool();
}

function stepWord(word: u32): void {
  let bits = waiting(word);
  if (activeThreads == 1) takeAll(word);
  while (bits != 0) {
    const bit = bits & (~bits + 1);
    if (activeThreads == 1 || take(word, bit)) step(word * 64 + <u32>ctz(bits));
    bits &= ~bit;
  }
}

function step(number: u32): void {
  own.device = number;
  const device = deviceAt(number);
  if (device.wakeAtPs < windowEnd) device.wakeAtPs = NEVER;
  if (device.kind == DeviceKind.Switch) stepSwitch(number, device);
  else stepHosts(number, device);
}

function hopsSoFar(): u64 {
  let hops: u64 = 0;
  for (let i: u32 = 0; i < run.threadCount; i++) hops += threadAt(i).hops;
  return hops;
}
