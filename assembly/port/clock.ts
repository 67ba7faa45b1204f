/**
 * When a port's pauses lapse, are refreshed, or have lasted too long for a watchdog, in runs in
 * which they do.
 */
import { NEVER } from "../engine/state";
import { own, run } from "../memory/arena";
import { FULL } from "../memory/features";
import { PauseClock, Port } from "../memory/structs/port";
import { extraOf, portNumber } from "./port";

/** Whether ports have a `PauseClock`. */
export let clocked: bool = false;

export function loadClockParameters(): void {
  if (FULL) clocked = run.pauseClockCount != 0;
}


@inline
export function clockOf(port: Port): PauseClock {
  return changetype<PauseClock>(run.pauseClocks + portNumber(port) * offsetof<PauseClock>());
}

/** A pause frame takes effect at the port: the time of its pause begins, anew perhaps. */
export function startLapse(port: Port, nowPs: u64): void {
  const clock = clockOf(port);
  if (clock.lastsPs != NEVER) clock.lapsesAtPs = nowPs + clock.lastsPs;
}

/** The port's pause is over. */
export function stopLapse(port: Port): void {
  const clock = clockOf(port);
  clock.lapsesAtPs = NEVER;
  clock.stormAtPs = NEVER;
}

/**
 * The next pause frame of an ingress that has just begun to pause its peer, or has told it again.
 */
export function startRefresh(port: Port, nowPs: u64): void {
  const clock = clockOf(port);
  if (clock.refreshPs != NEVER) clock.refreshAtPs = nowPs + clock.refreshPs;
}

export function stopRefresh(port: Port): void {
  clockOf(port).refreshAtPs = NEVER;
}

/** When something is due at the port. */
@inline
export function nextClockPs(port: Port): u64 {
  const clock = clockOf(port);
  return min(min(clock.lapsesAtPs, clock.refreshAtPs), min(clock.stormAtPs, clock.restoreAtPs));
}

/** Counts what has lapsed. */
export function countLapse(): void {
  own.pausesLapsed++;
}

/**
 * Whether the refresh that is due at an ingress is to be sent: not where a frame waits, which says
 * the same.
 */
export function countRefresh(port: Port): bool {
  if (extraOf(port).framesWaiting != 0) return false;
  own.refreshesSent++;
  return true;
}
