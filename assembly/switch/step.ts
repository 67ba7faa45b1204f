/**
 * One window of one switch: chooses between the fast and the exact step. Both give the same bytes.
 */
import { arrivingBytes, framesArriving, gather, prefetch, release } from "../engine/inbox";
import { NEVER, portAt } from "../engine/state";
import { wakeAt } from "../engine/wake";
import { own } from "../memory/arena";
import { DEBUG } from "../memory/debug";
import { FULL } from "../memory/features";
import { Device } from "../memory/structs/device";
import { ExactStep, Switch } from "../memory/structs/switch";
import { clocked } from "../port/clock";
import { classCount, laneAt } from "../port/lanes";
import { extraOf } from "../port/port";
import { isLossy } from "./buffers/account";
import { pauseThreshold } from "./buffers/pfc";
import { dropThreshold, poolBytes, sumLossy } from "./buffers/tail-drop";
import { entangle, isSeparable, stepEntangled } from "./entangled";
import { stepExact } from "./exact";
import { prefetchPorts, stepFast } from "./fast";

/** With fewer arrivals than this, touching every port costs more than it saves. */
const PREFETCH_FROM: u32 = 64;

/**
 * With fewer arrivals than this, telling ports apart costs more than it saves. The debug core does
 * it always: random networks are small.
 */
const ENTANGLE_FROM: u32 = DEBUG ? 0 : 40;

export function stepSwitch(number: u32, device: Device): void {
  const sw = changetype<Switch>(device.body);
  if (prefetch(number) > PREFETCH_FROM) prefetchPorts(sw, device);
  const count = gather(number);
  let next: u64;
  if (isUneventful(sw, device)) {
    next = stepFast(device, sw, count);
    own.fastSteps++;
  } else if (count >= ENTANGLE_FROM && isSeparable(sw) && entangle(device, sw, count, sw.usedBytes + arrivingBytes)) {
    next = stepEntangled(device, count);
    own.exactSteps++;
  } else {
    next = stepExact(device, sw, count);
    own.exactSteps++;
  }
  release();
  if (next != NEVER) wakeAt(number, device, next);
}

/**
 * True when, whatever the order of this window's events, no threshold is crossed: the bytes charged
 * at its start plus all that arrive stay below every threshold, taken at its lowest.
 */
@inline
function isUneventful(sw: Switch, device: Device): bool {
  if (sw.exactStep != ExactStep.WhereNeeded && isPlayedExactly(sw)) return false;
  if (classCount != 1 && sw.remotes != 0) return false;
  // A paused queue does not drain, and a link that repeats is not free when expected: `adaptive`
  // would see it otherwise.
  if (sw.ticks != 0 && (sw.pausedPorts != 0 || framesArriving || sw.retries != 0)) return false;
  // Pauses may lapse within the window.
  if (clocked && (sw.pausedPorts != 0 || framesArriving)) return false;
  const most = sw.usedBytes + arrivingBytes;
  if (FULL && sw.lossyClasses != 0 && !lossyFit(sw, device)) return false;
  if (!sw.lossless)
    return most <= min<i64>(sw.bufferBytes, min<i64>(sw.leastQueueBytes, dropThreshold(sw, most)))
      ? true
      : queuesFit(sw, device, most);
  if (sw.pausingPorts != 0 || sw.framesWaiting != 0) return false;
  const free = sw.sharedPool - most;
  const least = min<i64>(sw.leastXoffBytes, free > 0 ? free >> sw.largestShift : 0);
  return most < least ? true : ingressesFit(device, sw, most);
}

/** Of a switch that is played exactly always, or wherever it is paused. */
function isPlayedExactly(sw: Switch): bool {
  return sw.exactStep == ExactStep.Always || sw.pausedPorts != 0 || framesArriving;
}

/**
 * Port by port: what an ingress has, plus what its link can bring in a window, stays below its
 * threshold.
 */
function ingressesFit(device: Device, sw: Switch, most: i64): bool {
  for (let i: u32 = 0; i < device.portCount; i++) {
    const port = portAt(device.ports, i);
    const windowBytes = extraOf(port).windowBytes;
    for (let c: u32 = 0; c < classCount; c++) {
      if (isLossy(sw, c)) continue;
      const lane = laneAt(port, c);
      const extra = extraOf(lane);
      const used = <i64>lane.chargedBytes + windowBytes - extra.reserveBytes;
      if (max<i64>(used, 0) >= pauseThreshold(sw, extra, most)) return false;
    }
  }
  return true;
}

/** The same for the queues of the lossy classes of a lossless switch. */
function lossyFit(sw: Switch, device: Device): bool {
  return queuesFit(sw, device, sumLossy(sw, device.ports, device.portCount) + arrivingBytes);
}

/**
 * Queue by queue: what an egress has, plus everything that arrives, stays within the lowest drop
 * threshold.
 */
function queuesFit(sw: Switch, device: Device, most: i64): bool {
  if (most > poolBytes(sw)) return false;
  const threshold = dropThreshold(sw, most);
  for (let i: u32 = 0; i < device.portCount; i++) {
    for (let c: u32 = 0; c < classCount; c++) {
      if (!isLossy(sw, c)) continue;
      const lane = laneAt(portAt(device.ports, i), c);
      const own = min<i64>(extraOf(lane).queueLimitBytes, threshold);
      if (<i64>lane.chargedBytes + arrivingBytes > own) return false;
    }
  }
  return true;
}
