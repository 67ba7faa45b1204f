/**
 * Cuts time into windows anew, so that one of them ends at a given instant: the state at that
 * instant can then be looked at. What was to happen in a window falls into the new one at the same
 * place or the one after it.
 */
import { BOX_BYTES, following, FRAMES } from "../engine/inbox";
import { PACKET_BIT, TIME_SHIFT } from "../engine/key";
import { deviceCount, slotMask, startOf, threadAt, windowPs } from "../engine/state";
import { mark, markedAround, wordCount } from "../engine/wake";
import { run } from "../memory/arena";
import { freeBlocks, nextBlockSlot, RECORDS_PER_BLOCK, storePool } from "../memory/chunks";
import { PacketRecord, packetAt } from "../packet/record";
import { passTag, tagBytes } from "../packet/tags";

/** What the call under way has done so far. */
let work: u64 = 0;

/** The part of a key that is not its time. */
const KEY_REST: u32 = (1 << TIME_SHIFT) - 1;

/**
 * Makes the next window end at `endPs`. It begins before some of what has been simulated, which
 * does no harm: all of that lies behind, and what is sent in what is left of the window takes a
 * whole one to arrive. Nothing may be left to do before the last window's length before `endPs`.
 * Called by the first thread, between windows. Returns the number of packets that it has moved, and
 * of inboxes that it has looked into for that.
 */
export function regrid(endPs: f64): f64 {
  work = 0;
  const end = <u64>endPs;
  let first = run.windows == 0 ? 0 : run.windowIndex + 1;
  first += (end - startOf(first) - 1) / windowPs;
  const start = end - windowPs;
  const delayPs = <u32>(startOf(first) - start);
  if (delayPs != 0) {
    let ahead = slotMask;
    while (ahead != 0) {
      const slot = (<u32>first + ahead - 1) & slotMask;
      const marked = markedAround(slot);
      if (((marked >> (slot & 63)) & 1) != 0) delaySlot(slot, delayPs);
      // Where nothing is marked, all slots down to the first of the 64.
      ahead -= marked != 0 ? 1 : min(ahead, (slot & 63) + 1);
    }
  }
  run.windowIndex = first - 1;
  run.originPs = start - first * windowPs;
  run.nextScan = 0;
  storePool();
  return <f64>work;
}

/**
 * Moves everything in a window's slot ahead in its window, or to the next slot where it does not
 * fit.
 */
function delaySlot(slot: u32, delayPs: u32): void {
  const next = (slot + 1) & slotMask;
  mark(next);
  work += run.threadCount * deviceCount;
  const words = wordCount();
  for (let i: u32 = 0; i < words; i++) {
    // A device that is woken for nothing does nothing.
    const word = run.wakes + (next * words + i) * 8;
    store<u64>(word, load<u64>(word) | load<u64>(run.wakes + (slot * words + i) * 8));
  }
  for (let i: u32 = 0; i < run.threadCount; i++) {
    const boxes = threadAt(i).boxes;
    for (let device: u32 = 0; device < deviceCount; device++) {
      const box = boxes + (slot * deviceCount + device) * BOX_BYTES;
      if (load<u32>(box) != 0) delayBox(box, boxes + (next * deviceCount + device) * BOX_BYTES, delayPs);
    }
  }
}

function delayBox(box: u32, next: u32, delayPs: u32): void {
  const count = load<u32>(box);
  const first = load<u32>(box, 4);
  const last = load<u32>(box, 8);
  store<u32>(box, 0);
  work += count;
  let record = first;
  for (let left = count; left != 0; left--) {
    const key = packetAt(record).key;
    const within = (key >> TIME_SHIFT) + delayPs;
    const rest = key & KEY_REST;
    if (within < windowPs) put(box, (within << TIME_SHIFT) | rest, packetAt(record));
    else put(next, ((within - windowPs) << TIME_SHIFT) | rest, packetAt(record));
    if (left != 1) record = following(record);
  }
  freeBlocks(first, last, (count + RECORDS_PER_BLOCK - 1) / RECORDS_PER_BLOCK);
}

/** Copies a packet into a box. */
function put(box: u32, key: u32, from: PacketRecord): void {
  const count = load<u32>(box);
  const record = nextBlockSlot(count == 0 ? 0 : load<u32>(box, 8));
  if (count == 0) {
    store<u32>(box, record, 4);
    store<u32>(box, 0, 12);
  }
  store<u32>(box, count + 1);
  store<u32>(box, record, 8);
  packetAt(record).write(key, from.word1, from.words23);
  if (tagBytes != 0) passTag(changetype<u32>(from), record);
  const word = load<u32>(box, 12);
  const isFrame = (key & PACKET_BIT) == 0;
  store<u32>(box, isFrame ? word | FRAMES : word + from.accountedBytes, 12);
}
