/**
 * Inboxes: for each window within the horizon and each device, the packets that take effect there
 * then, in any order. The only way in which one device affects another. A step begins by sorting
 * its inbox into the order of the model: by time, then ingress port, pause frames before packets.
 *
 * A record is a `PacketRecord`. Its first word is the key (see key.ts).
 */
import { own, run, trap } from "../memory/arena";
import { BLOCK_MASK, chunkAfter, freeBlocks, nextBlockSlot, RECORD_BYTES, RECORDS_PER_BLOCK } from "../memory/chunks";
import { check, DEBUG } from "../memory/debug";
import { TrapCode } from "../memory/structs/run";
import { packetAt } from "../packet/record";
import { tagBytes, tagOf } from "../packet/tags";
import { PACKET_BIT, TIME_SHIFT } from "./key";
import { carve } from "./scratch";
import {
  deviceCount,
  slotMask,
  threadAt,
  windowEnd,
  windowIndex,
  windowPs,
  windowReciprocal,
  windowStart,
} from "./state";
import { wakeIn } from "./wake";

/**
 * Box of one device and window: count, first record, last record, accounted data bytes with
 * `FRAMES` if a pause frame is among them.
 */
export const BOX_BYTES: u32 = 16;
export const FRAMES: u32 = 1 << 31;
const SMALL: u32 = 24;

/** This thread's boxes, by slot and device: every thread fills its own. */
let boxes: u32 = 0;
/** Sorted arrivals: key in the high half, address of the record in the low half. */
export let sorted: u32 = 0;
/** As much room again, for who sorts. */
export let unsorted: u32 = 0;
let buckets: u32 = 0;
const MAX_BUCKETS: u32 = 1024;

/** Accounted bytes of the data packets in the inbox gathered last. */
export let arrivingBytes: u32 = 0;
/** True if there are pause or resume frames in it. */
export let framesArriving: bool = false;
let gatheredDevice: u32 = 0;
let gathered: u32 = 0;

export function startInboxes(): void {
  boxes = own.boxes;
  sorted = carve(run.scratchEntries * 8);
  unsorted = carve(run.scratchEntries * 8);
  buckets = carve(4 * (MAX_BUCKETS + 1));
}

/** The box that a thread fills for a device in this window. */
@inline
function boxOf(thread: u32, device: u32): u32 {
  return threadAt(thread).boxes + (((<u32>windowIndex) & slotMask) * deviceCount + device) * BOX_BYTES;
}

/**
 * Hands a packet or pause frame to a device, to take effect `aheadPs` after the start of this
 * window (at least one window ahead: that is what makes devices independent within a window).
 * Returns its record there.
 */
@inline
export function deliver(device: u32, aheadPs: u64, keyBits: u32, word1: u32, words23: u64, bytes: u32): u32 {
  let windows = <u32>((aheadPs * windowReciprocal) >> 32);
  let within = <u32>aheadPs - windows * windowPs;
  // More than once only on links longer than 4 ms.
  while (within >= windowPs) {
    within -= windowPs;
    windows++;
  }
  if (windows - 1 >= slotMask) trap(TrapCode.Horizon);
  if (DEBUG) check(device < deviceCount, 12);
  if (DEBUG) check(windows != 0 && within < windowPs, 13);
  const slot = (<u32>windowIndex + windows) & slotMask;
  const box = boxes + (slot * deviceCount + device) * BOX_BYTES;
  const count = load<u32>(box);
  store<u32>(box, count + 1);
  const frame: u32 = (keyBits & PACKET_BIT) == 0 ? FRAMES : 0;
  let record: u32;
  if (count == 0) {
    wakeIn(device, windows);
    record = nextBlockSlot(0);
    store<u32>(box, record, 4);
    store<u32>(box, bytes | frame, 12);
  } else {
    record = nextBlockSlot(load<u32>(box, 8));
    store<u32>(box, (load<u32>(box, 12) + bytes) | frame, 12);
  }
  store<u32>(box, record, 8);
  packetAt(record).write((within << TIME_SHIFT) | keyBits, word1, words23);
  return record;
}

/**
 * Sorts what is in the device's boxes of this window into `sorted` and returns how many arrivals
 * there are. Call `release` when done.
 */
export function gather(device: u32): u32 {
  let count: u32 = 0;
  let bytes: u32 = 0;
  let frames: u32 = 0;
  for (let i: u32 = 0, threads = run.threadCount; i < threads; i++) {
    const box = boxOf(i, device);
    const boxed = load<u32>(box);
    if (boxed == 0) continue;
    count += boxed;
    const word = load<u32>(box, 12);
    bytes += word & ~FRAMES;
    frames |= word & FRAMES;
  }
  gatheredDevice = device;
  gathered = count;
  arrivingBytes = bytes;
  framesArriving = frames != 0;
  if (count == 0) return 0;
  if (count > run.scratchEntries) trap(TrapCode.ScratchOverflow);
  if (count <= SMALL) gatherSmall(device);
  else gatherLarge(device, count);
  if (DEBUG) checkOrder(count);
  const last = <u32>(load<u64>(sorted + (count - 1) * 8) >> 32);
  if (timeOf(last) >= windowEnd) own.cutOff = 1;
  return count;
}

/** Keys rise, no two arrivals are one record, and all are of this window. */
function checkOrder(count: u32): void {
  for (let at = sorted, end = sorted + count * 8; at < end; at += 8) {
    const entry = load<u64>(at);
    if (DEBUG) check(at == sorted || load<u64>(at - 8) < entry, 14);
    if (DEBUG) check((<u32>(entry >> 32)) >> TIME_SHIFT < windowPs, 15);
    if (DEBUG) check(<u32>entry != 0 && ((<u32>entry) & (RECORD_BYTES - 1)) == 0, 16);
  }
}

/** Whether anything is in any inbox of this thread. */
export function anyBoxed(thread: u32): bool {
  const first = threadAt(thread).boxes;
  const end = first + (slotMask + 1) * deviceCount * BOX_BYTES;
  for (let box = first; box < end; box += BOX_BYTES) if (load<u32>(box) != 0) return true;
  return false;
}

/** Keeps the loads of `prefetch` alive. */
let touched: u32 = 0;

/**
 * Starts to bring the device's arrivals of this window into cache, all at once so that the misses
 * overlap, and returns how many they are. Worth it only before much else is done.
 */
export function prefetch(device: u32): u32 {
  let count: u32 = 0;
  let sum: u32 = 0;
  for (let i: u32 = 0, threads = run.threadCount; i < threads; i++) {
    const box = boxOf(i, device);
    const boxed = load<u32>(box);
    count += boxed;
    if (boxed <= SMALL) continue;
    let block = load<u32>(box, 4);
    for (let left = boxed; ; left -= RECORDS_PER_BLOCK) {
      const records = min<u32>(left, RECORDS_PER_BLOCK);
      sum += touchLines(block, records * RECORD_BYTES);
      if (tagBytes != 0) sum += touchLines(changetype<u32>(tagOf(block)), records * tagBytes);
      if (left <= RECORDS_PER_BLOCK) break;
      block = chunkAfter(block | BLOCK_MASK);
    }
  }
  touched = sum;
  return count;
}

/** Loads a word of each cache line. */
@inline
function touchLines(from: u32, bytes: u32): u32 {
  let sum: u32 = 0;
  for (let at = from, end = from + bytes; at < end; at += 64) sum += load<u32>(at);
  return sum;
}

/**
 * Loads the place of the last packet in two boxes of a device. They are of the window in which
 * packets that leave now take effect after `delayPs`, and of the next one. Packets are about to be
 * put there.
 */
@inline
export function touchBoxes(device: u32, delayPs: u32): u32 {
  const windows = max<u32>(<u32>((<u64>delayPs * windowReciprocal) >> 32), 1);
  const first = (<u32>windowIndex + windows) & slotMask;
  const second = (first + 1) & slotMask;
  // Where a box is empty, this is the place of a packet that was there once, or 0.
  const near = load<u32>(boxes + (first * deviceCount + device) * BOX_BYTES, 8);
  const far = load<u32>(boxes + (second * deviceCount + device) * BOX_BYTES, 8);
  const sum = load<u32>(near) + load<u32>(far);
  return tagBytes == 0 ? sum : sum + <u32>tagOf(near).stamp + <u32>tagOf(far).stamp;
}

/** Empties the boxes gathered last and gives their blocks back to the pool. */
export function release(): void {
  if (gathered == 0) return;
  for (let i: u32 = 0, threads = run.threadCount; i < threads; i++) {
    const box = boxOf(i, gatheredDevice);
    const count = load<u32>(box);
    if (count == 0) continue;
    if (DEBUG) check(load<u32>(box, 4) != 0 && load<u32>(box, 8) != 0, 17);
    store<u32>(box, 0);
    freeBlocks(load<u32>(box, 4), load<u32>(box, 8), (count + RECORDS_PER_BLOCK - 1) / RECORDS_PER_BLOCK);
  }
}

/** The record after one of an inbox. */
@inline
export function following(record: u32): u32 {
  const next = record + RECORD_BYTES;
  return (next & BLOCK_MASK) != 0 ? next : chunkAfter(record);
}

function gatherSmall(device: u32): void {
  let end = sorted;
  for (let i: u32 = 0, threads = run.threadCount; i < threads; i++) {
    const box = boxOf(i, device);
    let record = load<u32>(box, 4);
    for (let left = load<u32>(box); left != 0; left--) {
      insert(end, ((<u64>packetAt(record).key) << 32) | record);
      end += 8;
      if (left != 1) record = following(record);
    }
  }
}

/** Puts an entry into its place in the sorted run that ends at `end`. */
@inline
function insert(end: u32, entry: u64): void {
  let hole = end;
  while (hole > sorted && load<u64>(hole - 8) > entry) {
    store<u64>(hole, load<u64>(hole - 8));
    hole -= 8;
  }
  store<u64>(hole, entry);
}

/** Counting sort by time, then insertion within the nearly sorted result. */
function gatherLarge(device: u32, count: u32): void {
  const bucketCount: u32 = count > 512 ? MAX_BUCKETS : count > 128 ? 512 : 128;
  const shift = bucketShift(bucketCount);
  memory.fill(buckets, 0, 4 * (bucketCount + 1));
  let entry = unsorted;
  for (let i: u32 = 0, threads = run.threadCount; i < threads; i++) {
    const box = boxOf(i, device);
    let record = load<u32>(box, 4);
    for (let left = load<u32>(box); left != 0; left--) {
      const key = packetAt(record).key;
      store<u64>(entry, ((<u64>key) << 32) | record);
      entry += 8;
      const bucket = buckets + (key >> shift) * 4;
      store<u32>(bucket, load<u32>(bucket, 4) + 1, 4);
      if (left != 1) record = following(record);
    }
  }
  let total: u32 = 0;
  for (let bucket = buckets + 4, end = buckets + 4 * bucketCount; bucket <= end; bucket += 4) {
    total += load<u32>(bucket);
    store<u32>(bucket, total);
  }
  for (let from = unsorted, end = unsorted + count * 8; from < end; from += 8) {
    const value = load<u64>(from);
    const bucket = buckets + <u32>(value >> (32 + shift)) * 4;
    const place = load<u32>(bucket);
    store<u32>(bucket, place + 1);
    store<u64>(sorted + place * 8, value);
  }
  for (let at = sorted + 8, end = sorted + count * 8; at < end; at += 8) {
    const value = load<u64>(at);
    if (load<u64>(at - 8) > value) insert(at, value);
  }
}

/** Right shift that maps the keys of a window to at most `bucketCount` buckets. */
@inline
function bucketShift(bucketCount: u32): u32 {
  const keyBits: u32 = 32 - clz((windowPs << TIME_SHIFT) - 1);
  return keyBits - ctz(bucketCount);
}

/** Time of the arrival with this key. */
@inline
export function timeOf(key: u32): u64 {
  return windowStart + (key >> TIME_SHIFT);
}
