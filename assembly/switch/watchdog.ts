/**
 * The watchdog of a switch: a port that stays paused with data that waits storms, and heeds no
 * pause until none has come for a while.
 */
import { NEVER } from "../engine/state";
import { own, run } from "../memory/arena";
import { Hold, PauseClock, Port } from "../memory/structs/port";
import { clockOf, startLapse, stopLapse } from "../port/clock";
import { resumePort } from "../port/pause";

/** Starts the watchdog's clock at a port that is paused and holds data, unless it runs. */
export function watch(port: Port, nowPs: u64): void {
  if (port.paused != Hold.Paused || port.dataHead == 0) return;
  const clock = clockOf(port);
  if (clock.stormAtPs == NEVER) clock.stormAtPs = nowPs + run.detectPs;
}

/** The port heeds no pause from now on. */
export function beginStorm(port: Port, nowPs: u64): void {
  const clock = clockOf(port);
  const lapsesAtPs = clock.lapsesAtPs;
  own.storms++;
  resumePort(port, nowPs);
  // The peer's wish may still lapse.
  clock.lapsesAtPs = lapsesAtPs;
  clock.storming = 1;
  clock.peerPauses = 1;
}

/** A pause or resume frame takes effect at a port that storms, or its pause lapses. */
export function recordWish(port: Port, pause: bool, nowPs: u64): void {
  const clock = clockOf(port);
  if (pause) {
    clock.peerPauses = 1;
    clock.restoreAtPs = NEVER;
    startLapse(port, nowPs);
    return;
  }
  stopLapse(port);
  if (clock.peerPauses == 0) return;
  clock.peerPauses = 0;
  clock.restoreAtPs = nowPs + run.restorePs;
}

/** The port is as before the storm. */
export function endStorm(clock: PauseClock): void {
  clock.storming = 0;
  clock.restoreAtPs = NEVER;
}

/** Whether data for the port is dropped. */
@inline
export function isDiscarding(port: Port): bool {
  return run.stormsDrop != 0 && clockOf(port).storming != 0;
}

/** Counts a packet that is dropped at the port. */
export function countDiscarded(port: Port): void {
  clockOf(port).droppedWatchdog++;
  own.droppedWatchdog++;
}
