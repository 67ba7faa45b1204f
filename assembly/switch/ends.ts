/**
 * The transmissions of one switch that end inside the window: a binary heap of (picosecond in the
 * window, port), so that the exact step can take them in order. Each port has at most one. An end
 * at which nothing is released and for which nothing waits need not be there.
 */
import { PORT_MASK } from "../engine/key";
import { carve } from "../engine/scratch";
import { windowEnd, windowStart } from "../engine/state";
import { clearBit, hasBit, setBit } from "../memory/bitmap";
import { heapPop, heapPush } from "../memory/heap";

export const END_PORT_BITS: u32 = 10;
const SCHEDULED_BYTES: u32 = (PORT_MASK + 1) >> 3;

let heap: u32 = 0;
let size: u32 = 0;
/** Ports whose transmission in progress has been pushed, a bit each. */
let scheduled: u32 = 0;

export function startEnds(): void {
  heap = carve(4 * (PORT_MASK + 1));
  scheduled = carve(SCHEDULED_BYTES);
}

/** Forgets the ends of a switch whose ports take `words` 64-bit words. */
export function clearEnds(words: u32): void {
  size = 0;
  for (let w: u32 = 0; w < words; w++) store<u64>(scheduled + w * 8, 0);
}

/** When and where a transmission ends, in one word: ends are handled in this order. */
@inline
export function endKey(endPs: u64, local: u32): u32 {
  return ((<u32>(endPs - windowStart)) << END_PORT_BITS) | local;
}

/** Time of an end. */
@inline
export function endPsOf(key: u32): u64 {
  return windowStart + (key >> END_PORT_BITS);
}


@inline
export function localOf(key: u32): u32 {
  return key & PORT_MASK;
}

/** Sees to it that the end of the port's transmission is handled if it is inside this window. */
@inline
export function scheduleEnd(local: u32, endPs: u64): void {
  if (!hasBit(scheduled, local)) pushEnd(local, endPs);
}

function pushEnd(local: u32, endPs: u64): void {
  setBit(scheduled, local);
  if (endPs >= windowEnd) return;
  heapPush(heap, size++, endKey(endPs, local));
}

/** The key of the first end; all ones when there is none. */
@inline
export function firstEnd(): u32 {
  return size == 0 ? u32.MAX_VALUE : load<u32>(heap);
}

/** Takes the first end away. */
export function dropEnd(): void {
  clearBit(scheduled, localOf(heapPop(heap, size--)));
}
