/**
 * Pauses that lapse, are refreshed, or have lasted too long, and sums that are released, in the
 * exact step.
 */
import { portAt } from "../engine/state";
import { gapBytes } from "../packet/packet";
import { Port } from "../memory/structs/port";
import { WatchedLoss } from "../memory/structs/watch";
import { packetAt } from "../packet/record";
import { clocked, clockOf, countLapse, countRefresh, startRefresh } from "../port/clock";
import { classCount, laneAt } from "../port/lanes";
import { serializationPs } from "../port/port";
import { accountIn, popData } from "../port/queue";
import { reducing } from "../reduction/members";
import { lookForNext, takeFrame } from "./heed";
import { findClock, portCount, ports, sw } from "./here";
import { releaseSums } from "./reduce";
import { takeFromQueue } from "./refuse";
import { sendFrame } from "./signals";
import { releaseBytes } from "./start";
import { tellLoss } from "./tell";
import { beginStorm, countDiscarded, endStorm, isDiscarding } from "./watchdog";

/** Plays what is due at `now`, if it has not been called off. */
export function playClocks(now: u64): void {
  if (reducing) releaseSums(now);
  for (let i: u32 = 0; clocked && i < portCount; i++) {
    for (let c: u32 = 0; c < classCount; c++) playClock(i, portAt(ports, i), c, now);
  }
  findClock();
}

function playClock(local: u32, port: Port, dataClass: u32, now: u64): void {
  const lane = laneAt(port, dataClass);
  const clock = clockOf(lane);
  if (clock.lapsesAtPs == now) {
    countLapse();
    takeFrame(local, 0, dataClass, now);
  }
  if (clock.refreshAtPs == now) {
    startRefresh(lane, now);
    if (countRefresh(lane)) sendFrame(local, port, dataClass, true, now);
  }
  if (clock.stormAtPs == now) storm(local, port, lane, now);
  if (clock.restoreAtPs == now) {
    endStorm(clock);
    sw.pausedPorts--;
  }
}

/** The lane has been paused for too long. */
function storm(local: u32, port: Port, lane: Port, now: u64): void {
  beginStorm(lane, now);
  while (isDiscarding(lane) && lane.dataHead != 0) {
    const packet = packetAt(lane.dataHead);
    const account = accountIn(packet);
    const wire = packet.wireBytes;
    tellLoss(local, packet, WatchedLoss.Watchdog, true, now);
    popData(lane);
    takeFromQueue(port, lane, serializationPs(port, wire));
    countDiscarded(lane);
    releaseBytes(account, local, wire - gapBytes, now);
  }
  lookForNext(local, port, now);
}
