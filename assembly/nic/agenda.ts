/** When a NIC acts next by itself: the earliest of post, timer, paced QP, CNP, grant and pause. */
import { Granter } from "../congestion/records";
import { controlled } from "../congestion/registry";
import { NIC_BYTES } from "../engine/queue-pairs";
import { NEVER } from "../engine/state";
import { run } from "../memory/arena";
import { FULL } from "../memory/features";
import { DueCnp, DueCnps, Nic, Paced, Post, Stall, Start } from "../memory/structs/nic";
import { Port } from "../memory/structs/port";
import { clocked, clockOf } from "../port/clock";
import { classCount, laneAt } from "../port/lanes";

/** Whether receivers grant credit in this run. */
export let granting: bool = false;

export function loadGranterParameters(): void {
  if (FULL) granting = run.pullQuanta != 0;
}


@inline
export function granterOf(nic: Nic): Granter {
  return changetype<Granter>(run.granters + ((changetype<u32>(nic) - run.nics) / NIC_BYTES) * offsetof<Granter>());
}

/** When the NIC grants next. */
@inline
export function nextGrantPs(nic: Nic): u64 {
  return granting ? granterOf(nic).turnPs : NEVER;
}

/** Whether any NIC stalls in this run. */
export let stalling: bool = false;

export function loadStallParameters(): void {
  if (FULL) stalling = run.stallCount != 0;
}

/** Whether the NIC has a `Stall`. */
@inline
export function mayStall(nic: Nic): bool {
  return stalling && nic.stall != 0;
}


@inline
export function stallOf(nic: Nic): Stall {
  return changetype<Stall>(nic.stall);
}

/** The earliest of lapse, refresh and waiting frame. */
@inline
export function nextPausePs(nic: Nic): u64 {
  let lapses = NEVER;
  if (clocked) {
    for (let c: u32 = 0; c < classCount; c++) {
      lapses = min(lapses, clockOf(laneAt(changetype<Port>(nic.port), c)).lapsesAtPs);
    }
  }
  if (!mayStall(nic)) return lapses;
  return min(lapses, min(stallOf(nic).refreshAtPs, stallOf(nic).frameAtPs));
}

/** Whether CNPs wait for their time in this run. */
export let delaysCnps: bool = false;

export function loadCnpParameters(): void {
  if (FULL) delaysCnps = run.cnpDelayPs != 0;
}


@inline
export function dueCnpsOf(nic: Nic): DueCnps {
  return changetype<DueCnps>(run.dueCnps + ((changetype<u32>(nic) - run.nics) / NIC_BYTES) * offsetof<DueCnps>());
}

/** When the next CNP leaves. */
@inline
export function nextCnpPs(nic: Nic): u64 {
  if (!delaysCnps || dueCnpsOf(nic).count == 0) return NEVER;
  return changetype<DueCnp>(dueCnpsOf(nic).head).timePs;
}

const PACED_BYTES: u32 = offsetof<Paced>();


@inline
export function entryAt(nic: Nic, place: u32): Paced {
  return changetype<Paced>(nic.paced + place * PACED_BYTES);
}

/** When the next QP may go on. */
@inline
export function nextPacedPs(nic: Nic): u64 {
  return controlled && nic.pacedCount != 0 ? entryAt(nic, 0).timePs : NEVER;
}

export const START_BYTES: u32 = offsetof<Start>();

/** Time of the next start or post. */
@inline
export function nextPostPs(nic: Nic): u64 {
  const started = nic.nextStart < nic.endStarts ? changetype<Start>(nic.nextStart).timePs : NEVER;
  const first = firstPostPs(nic);
  const post = nic.postCount != 0 ? changetype<Post>(nic.postHead).timePs : NEVER;
  return min(min(started, first), post);
}

/** When the first chunks of the next started flow become sendable. */
@inline
export function firstPostPs(nic: Nic): u64 {
  return nic.nextFirstPost < nic.endStarts ? changetype<Start>(nic.nextFirstPost).timePs + nic.latencyPs : NEVER;
}

/**
 * Keeps the earliest of start, post, what pauses need, timer, paced QP, CNP and grant. To be called
 * whenever one of them went away.
 */
export function updateNextEvent(nic: Nic): void {
  const own = min(min(nic.timerAtPs, nextPacedPs(nic)), min(nextCnpPs(nic), nextGrantPs(nic)));
  nic.nextEventPs = min(min(nextPostPs(nic), nextPausePs(nic)), own);
}
