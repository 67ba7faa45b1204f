/**
 * Priority flow control: what comes by a port is on that port's account, in its reserve, the shared
 * pool, or its headroom. A port that is above its threshold pauses its peer.
 */
import { portAt } from "../../engine/state";
import { own } from "../../memory/arena";
import { Port, PortExtra } from "../../memory/structs/port";
import { Switch } from "../../memory/structs/switch";
import { classCount, laneAt } from "../../port/lanes";
import { extraOf } from "../../port/port";
import { charge, discharge, isLossy } from "./account";

export const DYNAMIC: u32 = u32.MAX_VALUE;

/** Sum over the ingresses of the bytes above their reserve, where thresholds follow from it. */
let sharedUsed: i64 = 0;

/** Sums up what the ports hold of lossless classes. */
export function sumShared(sw: Switch, ports: u32, portCount: u32): void {
  sharedUsed = 0;
  for (let i: u32 = 0; i < portCount; i++) {
    for (let c: u32 = 0; c < classCount; c++) {
      if (isLossy(sw, c)) continue;
      const lane = laneAt(portAt(ports, i), c);
      sharedUsed += usedAboveReserve(lane, extraOf(lane));
    }
  }
}

/**
 * Pause threshold of an ingress, in bytes above its reserve. `used` is the sum over all ports of
 * what exceeds their reserve.
 */
export function pauseThreshold(sw: Switch, extra: PortExtra, used: i64): i64 {
  if (extra.xoffBytes != DYNAMIC) return extra.xoffBytes;
  const free = sw.sharedPool - used;
  return free > 0 ? free >> extra.alphaShift : 0;
}

/** Bytes of an ingress above its reserve, headroom aside. */
@inline
function usedAboveReserve(port: Port, extra: PortExtra): i64 {
  return max<i64>(<i64>port.chargedBytes - extra.reserveBytes, 0);
}

/**
 * Charges a packet to reserve or shared buffer, else to headroom; false if it fits none of them.
 */
export function admit(sw: Switch, lane: Port, bytes: u32): bool {
  const extra = extraOf(lane);
  const after = <i64>lane.chargedBytes + bytes - extra.reserveBytes;
  if (after <= 0 || after <= pauseThreshold(sw, extra, sharedUsed)) {
    sharedUsed += max<i64>(after, 0) - usedAboveReserve(lane, extra);
    charge(sw, lane, bytes);
    return true;
  }
  if (extra.headroomUsed + bytes <= extra.headroomBytes) {
    extra.headroomUsed += bytes;
    sw.usedBytes += bytes;
    return true;
  }
  extra.droppedCongestion++;
  own.droppedCongestion++;
  return false;
}

/** Whether an ingress that has admitted a packet pauses its peer now. */
export function afterAdmit(sw: Switch, lane: Port): bool {
  const extra = extraOf(lane);
  if (extra.pausing) return false;
  if (extra.headroomUsed == 0 && usedAboveReserve(lane, extra) < pauseThreshold(sw, extra, sharedUsed)) return false;
  extra.pausing = 1;
  sw.pausingPorts++;
  extra.pausesSent++;
  own.pausesSent++;
  return true;
}

/** Takes a packet's bytes off, headroom first. Tells whether the ingress lets its peer resume. */
export function release(sw: Switch, lane: Port, bytes: u32): bool {
  const extra = extraOf(lane);
  const before = usedAboveReserve(lane, extra);
  const fromHeadroom = min(extra.headroomUsed, bytes);
  extra.headroomUsed -= fromHeadroom;
  sw.usedBytes -= fromHeadroom;
  discharge(sw, lane, bytes - fromHeadroom);
  const used = usedAboveReserve(lane, extra);
  sharedUsed += used - before;
  if (!extra.pausing || extra.headroomUsed != 0) return false;
  if (used != 0 && used + extra.resumeOffsetBytes > pauseThreshold(sw, extra, sharedUsed)) return false;
  extra.pausing = 0;
  sw.pausingPorts--;
  own.resumesSent++;
  return true;
}
