/**
 * Which device has something to do in which window. Near windows have a bitmap of devices each,
 * which all threads share; a device that must act beyond the horizon keeps the time in its record,
 * and a scan now and then brings it into the bitmaps. Idle devices and idle windows cost nothing.
 */
import { own, run } from "../memory/arena";
import { check, DEBUG } from "../memory/debug";
import { Device, DeviceKind } from "../memory/structs/device";
import {
  activeThreads,
  deviceAt,
  deviceCount,
  NEVER,
  slotMask,
  startOf,
  threadAt,
  windowIndex,
  windowPs,
  windowStart,
} from "./state";

let wakes: u32 = 0;
let words: u32 = 0;
let marks: u32 = 0;

export function startWakes(): void {
  words = wordCount();
  wakes = run.wakes;
  marks = own.marks;
}

/**
 * Address of the word that holds a slot's bit among a thread's marks: where it woke devices. Long
 * links take hundreds of thousands of slots, most of them empty, so a search takes 64 at a time.
 */
@inline
function markAddress(marks: u32, slot: u32): u32 {
  return marks + (slot >> 6) * 8;
}

/** 64-bit words of a thread's marks. */
export function markWords(): u32 {
  return ((run.slots - 1) >> 6) + 1;
}

/** Marks a slot, in which this thread has woken a device. */
@inline
export function mark(slot: u32): void {
  const at = markAddress(marks, slot);
  store<u64>(at, load<u64>(at) | ((<u64>1) << (slot & 63)));
}

/**
 * Marks a device for the window that is `ahead` windows from this one (less than the number of
 * slots).
 */
@inline
export function wakeIn(device: u32, ahead: u32): void {
  if (DEBUG) check(device < deviceCount && ahead <= slotMask, 18);
  const slot = (<u32>windowIndex + ahead) & slotMask;
  const word = wakes + (slot * words + (device >> 6)) * 8;
  const bit = (<u64>1) << (device & 63);
  const before = load<u64>(word);
  if ((before & bit) != 0) return;
  if (activeThreads == 1) store<u64>(word, before | bit);
  else atomic.or<u64>(word, bit);
  mark(slot);
}

/**
 * Sees to it that a device is stepped in the window that holds `timePs`, which is after this
 * window's end. Where the time limit cuts this window short that may be this window: then in the
 * next one, which the limit will not let begin.
 */
export function wakeAt(number: u32, device: Device, timePs: u64): void {
  // A window that was cut soon after the start begins before it.
  if (DEBUG) check(<i64>windowStart < 0 || timePs >= windowStart, 19);
  const ahead = max<u64>((timePs - windowStart) / windowPs, 1);
  if (ahead <= slotMask) wakeIn(number, <u32>ahead);
  else if (timePs < device.wakeAtPs) device.wakeAtPs = timePs;
}

/**
 * Brings far wake-ups that the horizon has reached into the bitmaps. Called at every window; acts
 * every half horizon.
 */
export function scanFarWakes(): void {
  if (windowIndex < run.nextScan) return;
  run.nextScan = windowIndex + ((slotMask + 1) >> 1);
  for (let i: u32 = 0; i < deviceCount; i++) {
    const at = deviceAt(i).wakeAtPs;
    if (at == NEVER) continue;
    const ahead = <i64>(at - windowStart) > 0 ? (at - windowStart) / windowPs : 0;
    if (ahead <= slotMask) wakeIn(i, <u32>ahead);
  }
}

/**
 * The next window to visit, from `from` on: one with something to do, or one where a scan is due
 * first (at once where its time is over); NEVER when nothing is left.
 */
export function nextWindow(from: u64): u64 {
  const ahead = firstMarked((<u32>from) & slotMask);
  if (ahead <= slotMask) return min(from + ahead, max(run.nextScan, from));
  let earliest = NEVER;
  for (let i: u32 = 0; i < deviceCount; i++) earliest = min(earliest, deviceAt(i).wakeAtPs);
  if (earliest == NEVER) return NEVER;
  run.nextScan = 0;
  const start = startOf(from);
  return <i64>(earliest - start) > 0 ? from + (earliest - start) / windowPs : from;
}

/** Whether the device has a wake-up before it. */
export function isAwaited(number: u32): bool {
  if (deviceAt(number).wakeAtPs != NEVER) return true;
  for (let slot: u32 = 0; slot <= slotMask; slot++) {
    if ((load<u64>(wakes + (slot * words + (number >> 6)) * 8) >> (number & 63)) & 1) return true;
  }
  return false;
}

/** Slots from `from` on to the first that is marked, cyclically; 2^32 - 1 where none is. */
function firstMarked(from: u32): u32 {
  const words = markWords();
  const span = min<u32>(slotMask + 1, 64);
  const within = from & 63;
  // What lies before `from` in its word comes last.
  for (let i: u32 = 0; i <= words; i++) {
    const slot = (from + i * span) & slotMask;
    let bits = markedAround(slot);
    if (i == 0) bits &= (<u64>-1) << within;
    if (bits != 0) return i * span + <u32>ctz(bits) - within;
  }
  return u32.MAX_VALUE;
}

/** A bit for each of the 64 slots around this one: whether any thread woke a device there. */
export function markedAround(slot: u32): u64 {
  let bits: u64 = 0;
  for (let i: u32 = 0; i < run.threadCount; i++) bits |= load<u64>(markAddress(threadAt(i).marks, slot));
  return bits;
}

/** The devices of this window are about to be taken. */
export function clearMarks(): void {
  const slot = (<u32>windowIndex) & slotMask;
  const rest = ~((<u64>1) << (slot & 63));
  for (let i: u32 = 0; i < run.threadCount; i++) {
    const at = markAddress(threadAt(i).marks, slot);
    store<u64>(at, load<u64>(at) & rest);
  }
}

/**
 * Numbers of the devices of a word that have something to do in this window and that no thread has
 * taken yet, as bits.
 */
@inline
export function waiting(word: u32): u64 {
  return load<u64>(wordAddress(word));
}

/** Takes all devices of a word; for a thread that is alone. */
@inline
export function takeAll(word: u32): void {
  store<u64>(wordAddress(word), 0);
}

/** Takes one device of a word; false if another thread was faster. */
@inline
export function take(word: u32, bit: u64): bool {
  return (atomic.and<u64>(wordAddress(word), ~bit) & bit) != 0;
}


@inline
function wordAddress(word: u32): u32 {
  return wakes + (((<u32>windowIndex) & slotMask) * words + word) * 8;
}

/**
 * Takes the switches out of this window, which ends before a packet can have reached one: they were
 * woken for what has moved on to later windows.
 */
export function dismissSwitches(): void {
  for (let i: u32 = 0; i < deviceCount; i++) {
    if (deviceAt(i).kind == DeviceKind.Switch) take(i >> 6, (<u64>1) << (i & 63));
  }
}

/** Words of a bitmap of devices. */
export function wordCount(): u32 {
  return (run.deviceCount + 63) >> 6;
}
