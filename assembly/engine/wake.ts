/**
 * Which device has something to do in which window. Near windows have a bitmap of devices each; a device that must act beyond
 * the horizon keeps the time in its record, and a scan now and then brings it into the bitmaps. Idle devices and idle windows cost
 * nothing.
 */
import { allocate, run } from "../memory/arena";
import { Device } from "../memory/structs";
import { deviceAt, deviceCount, NEVER, slotMask, windowIndex, windowPs } from "./state";

let bitmaps: u32 = 0;
let words: u32 = 0;
/** Devices marked, by slot. */
let counts: u32 = 0;
let nextScan: u64 = 0;

export function startWakes(): void {
  words = (deviceCount + 63) >> 6;
  bitmaps = <u32>allocate(<usize>words * 8 * run.slots);
  counts = <u32>allocate(4 * run.slots);
  nextScan = 0;
}

/** Marks a device for the window that is `ahead` windows from this one (less than the number of slots). */
@inline
export function wakeIn(device: u32, ahead: u32): void {
  const slot = (<u32>windowIndex + ahead) & slotMask;
  const word = bitmaps + (slot * words + (device >> 6)) * 8;
  const bit = (<u64>1) << (device & 63);
  const before = load<u64>(word);
  if ((before & bit) == 0) {
    store<u64>(word, before | bit);
    const count = counts + slot * 4;
    store<u32>(count, load<u32>(count) + 1);
  }
}

/** Sees to it that a device is stepped in the window that holds `timePs`, which is not before this window. */
export function wakeAt(number: u32, device: Device, timePs: u64): void {
  const ahead = timePs / windowPs - windowIndex;
  if (ahead <= slotMask) wakeIn(number, <u32>ahead);
  else if (timePs < device.wakeAtPs) device.wakeAtPs = timePs;
}

/** Brings far wake-ups that the horizon has reached into the bitmaps. Called at every window; acts every half horizon. */
export function scanFarWakes(): void {
  if (windowIndex < nextScan) return;
  nextScan = windowIndex + ((slotMask + 1) >> 1);
  for (let i: u32 = 0; i < deviceCount; i++) {
    const at = deviceAt(i).wakeAtPs;
    if (at == NEVER) continue;
    const window = at / windowPs;
    if (window <= windowIndex) wakeIn(i, 0);
    else if (window - windowIndex <= slotMask) wakeIn(i, <u32>(window - windowIndex));
  }
}

/** The next window to visit, from `from` on: one with something to do, or one where a scan is due first; NEVER when nothing is left. */
export function nextWindow(from: u64): u64 {
  for (let ahead: u32 = 0; ahead <= slotMask; ahead++) {
    const window = from + ahead;
    if (load<u32>(counts + ((<u32>window) & slotMask) * 4) == 0) continue;
    return nextScan >= from ? min(window, nextScan) : window;
  }
  let earliest = NEVER;
  for (let i: u32 = 0; i < deviceCount; i++) earliest = min(earliest, deviceAt(i).wakeAtPs);
  if (earliest == NEVER) return NEVER;
  nextScan = 0;
  return max(from, earliest / windowPs);
}

/** Takes 64 devices' marks for this window. */
export function takeWord(index: u32): u64 {
  const slot = (<u32>windowIndex) & slotMask;
  const word = bitmaps + (slot * words + index) * 8;
  const bits = load<u64>(word);
  store<u64>(word, 0);
  return bits;
}

export function wordCount(): u32 {
  return words;
}

/** Devices of this window are about to be taken. */
export function clearCount(): void {
  store<u32>(counts + ((<u32>windowIndex) & slotMask) * 4, 0);
}
