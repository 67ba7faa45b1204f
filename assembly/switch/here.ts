/** The switch that the exact step plays, and the instant at which it is. */
import { NEVER, portAt, windowStart } from "../engine/state";
import { setBit } from "../memory/bitmap";
import { Device } from "../memory/structs/device";
import { Port } from "../memory/structs/port";
import { Switch } from "../memory/structs/switch";
import { clocked, nextClockPs } from "../port/clock";
import { updateDepth } from "../port/depths";
import { classCount, laneAt, laneOfAccount } from "../port/lanes";
import { reducing } from "../reduction/members";
import { nextSumPs } from "../reduction/unit";
import { discharge } from "./buffers/account";

export let sw: Switch = changetype<Switch>(0);
export let ports: u32 = 0;
export let portCount: u32 = 0;
/** Ports that hold a packet, have one queued, or a frame that waits: a bit each. */
export let active: u32 = 0;
export let activeWords: u32 = 0;
/** No later than the first lapse or refresh of a pause, or the release of a sum. */
export let clockPs: u64 = NEVER;
/** Port whose end of transmission is being handled; -1 during arrivals. */
let endingPort: i32 = -1;

export function enter(device: Device, body: Switch): void {
  sw = body;
  ports = device.ports;
  portCount = device.portCount;
  active = device.active;
  activeWords = device.activeWords;
  clockPs = NEVER;
}

/** An arrival or a clock is handled from now on. */
@inline
export function handleArrival(): void {
  endingPort = -1;
}

/** The end of a port's transmission is handled from now on. */
@inline
export function handleEnd(local: u32): void {
  endingPort = <i32>local;
}

/**
 * A port is free only once the end of its transmission was handled, which is after the arrivals of
 * that instant.
 */
@inline
export function isIdle(port: Port, local: u32, now: u64): bool {
  const busy = port.busyUntilPs;
  return busy < <i64>now || (busy == <i64>now && <i32>local < endingPort);
}

/**
 * The fast step lets the books lag: releases what the port has on the wire no longer, and sees to
 * the release of what it still has.
 */
@inline
export function updateHeld(local: u32, port: Port): void {
  if (port.busyUntilPs >= <i64>windowStart) {
    setActive(local);
    return;
  }
  const held = port.heldBytes;
  port.heldBytes = 0;
  discharge(sw, laneOfAccount(ports, port.heldAccount), held);
}

/** Sees to it that the port is looked at in later windows. */
@inline
export function setActive(local: u32): void {
  setBit(active, local);
}

/** Tells policies that look at queues when the port will be free. */
@inline
export function recordDepth(local: u32, port: Port): void {
  updateDepth(sw, local, port.busyUntilPs + port.queuedPs);
}

/** A sum may be due earlier than before. */
@inline
export function advanceSum(): void {
  clockPs = min(clockPs, nextSumPs(sw));
}

/** Something may be due of the lane's pause earlier than before. */
@inline
export function advanceClock(lane: Port): void {
  clockPs = min(clockPs, nextClockPs(lane));
}

/** Finds the first time at which a sum is to be released, or something is due of a pause. */
export function findClock(): void {
  clockPs = reducing ? nextSumPs(sw) : NEVER;
  if (!clocked) return;
  for (let i: u32 = 0; i < portCount; i++) {
    for (let c: u32 = 0; c < classCount; c++) advanceClock(laneAt(portAt(ports, i), c));
  }
}
