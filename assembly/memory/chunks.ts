/**
 * The pool that holds every packet in flight: chunks of 256 bytes, 16 records of 16 bytes. Egress
 * queues and post queues are lists of chunks. Inboxes are lists of blocks: chunks side by side,
 * because an inbox of many packets on as many pages of memory costs more than the packets do. A
 * thread reuses what it freed last in, first out, while it is still in cache; what it frees beyond
 * a few hundred chunks goes to the other threads.
 *
 * The pool grows by segments of 4 MiB, aligned to their size. A segment begins with a table of its
 * chunks' successors: links are close together and stay in cache, so that a list can be walked
 * ahead of its records.
 */
import { control, ensure, own, run, trap } from "./arena";
import { check, DEBUG } from "./debug";
import { Control, TrapCode } from "./structs/run";

export const CHUNK_BYTES: u32 = 256;
export const CHUNK_MASK: u32 = CHUNK_BYTES - 1;
export const RECORD_BYTES: u32 = 16;
export const RECORDS_PER_CHUNK: u32 = 16;
export const CHUNK_SHIFT: u32 = 8;
export const SEGMENT_SHIFT: u32 = 22;
export const SEGMENT_BYTES: u32 = 1 << SEGMENT_SHIFT;
export const SEGMENT_MASK: u32 = SEGMENT_BYTES - 1;
/** The table takes the place of the segment's first chunks. */
export const TABLE_BYTES: u32 = (SEGMENT_BYTES >> CHUNK_SHIFT) * 4;
/** Chunks of a block, whose links are set for ever: each leads to the next. */
export const BLOCK_CHUNKS: u32 = 4;
const BLOCK_BYTES: u32 = BLOCK_CHUNKS * CHUNK_BYTES;
export const BLOCK_MASK: u32 = BLOCK_BYTES - 1;
export const RECORDS_PER_BLOCK: u32 = BLOCK_CHUNKS * RECORDS_PER_CHUNK;
/** Chunks that change hands at once, and blocks. */
const BATCH: u32 = 256;
const BATCH_BLOCKS: u32 = BATCH / BLOCK_CHUNKS;

/**
 * This thread's free chunks: a list that is in use, and one more that is full. The rest of the pool
 * is common.
 */
let free: u32 = 0;
let freeCount: u32 = 0;
let spare: u32 = 0;
let spareCount: u32 = 0;
/** The same of blocks. */
let freeBlock: u32 = 0;
let freeBlockCount: u32 = 0;
let spareBlock: u32 = 0;
let spareBlockCount: u32 = 0;
/** Memory that was never used: whole blocks. */
let fresh: u32 = 0;
let freshEnd: u32 = 0;

/** Takes up this thread's part of the pool where it was left. */
export function loadPool(): void {
  free = own.free;
  freeCount = own.freeCount;
  spare = own.spare;
  spareCount = own.spareCount;
  freeBlock = own.freeBlock;
  freeBlockCount = own.freeBlockCount;
  spareBlock = own.spareBlock;
  spareBlockCount = own.spareBlockCount;
  fresh = own.fresh;
  freshEnd = own.freshEnd;
}

/**
 * Leaves this thread's part of the pool in memory, so that memory alone says how the run goes on.
 */
export function storePool(): void {
  own.free = free;
  own.freeCount = freeCount;
  own.spare = spare;
  own.spareCount = spareCount;
  own.freeBlock = freeBlock;
  own.freeBlockCount = freeBlockCount;
  own.spareBlock = spareBlock;
  own.spareBlockCount = spareBlockCount;
  own.fresh = fresh;
  own.freshEnd = freshEnd;
}

/** Address of the link from the chunk that holds `address` to the next one. */
@inline
function linkOf(address: u32): u32 {
  return (address & ~SEGMENT_MASK) + (((address & SEGMENT_MASK) >> CHUNK_SHIFT) << 2);
}

/** The chunk after the one that holds `address`. */
@inline
export function chunkAfter(address: u32): u32 {
  return load<u32>(linkOf(address));
}

/** A chunk; its contents are arbitrary. */
@inline
export function takeChunk(): u32 {
  const chunk = free;
  if (chunk == 0) return refill();
  if (DEBUG) check((chunk & CHUNK_MASK) == 0 && (chunk & SEGMENT_MASK) >= TABLE_BYTES, 1);
  if (DEBUG) check(freeCount != 0, 2);
  free = chunkAfter(chunk);
  freeCount--;
  return chunk;
}

/** Gives back the chunk that holds `address`. */
@inline
export function freeChunk(address: u32): void {
  freeChunks(address, address, 1);
}

/**
 * Gives back a list of `count` chunks, from the one that holds `first` to the one that holds
 * `last`.
 */
@inline
export function freeChunks(first: u32, last: u32, count: u32): void {
  if (DEBUG) check(first != 0 && last != 0 && count != 0, 3);
  if (DEBUG) check(count != 1 || ((first ^ last) & ~CHUNK_MASK) == 0, 4);
  store<u32>(linkOf(last), free);
  free = first & ~CHUNK_MASK;
  freeCount += count;
  if (freeCount >= BATCH) setAside();
}

/** A chunk where this thread's list has none. */
function refill(): u32 {
  if (spare != 0) {
    free = spare;
    freeCount = spareCount;
    spare = 0;
  } else if (fresh == freshEnd) {
    refillFromCommon(false);
  }
  if (free == 0) {
    // The chunks of a block that was never used.
    free = takeFresh();
    freeCount = BLOCK_CHUNKS;
    store<u32>(linkOf(free + BLOCK_MASK), 0);
  }
  const first = free;
  free = chunkAfter(first);
  freeCount--;
  return first;
}

/** A block; what its records hold is arbitrary. */
@inline
function takeBlock(): u32 {
  const block = freeBlock;
  if (block == 0) return refillBlocks();
  if (DEBUG) check((block & BLOCK_MASK) == 0 && (block & SEGMENT_MASK) >= TABLE_BYTES, 1);
  if (DEBUG) check(freeBlockCount != 0, 2);
  freeBlock = chunkAfter(block + BLOCK_MASK);
  freeBlockCount--;
  return block;
}

/** A block where this thread's list has none. */
function refillBlocks(): u32 {
  if (spareBlock != 0) {
    freeBlock = spareBlock;
    freeBlockCount = spareBlockCount;
    spareBlock = 0;
  } else if (fresh == freshEnd) {
    refillFromCommon(true);
  }
  const first = freeBlock;
  if (first == 0) return takeFresh();
  freeBlock = chunkAfter(first + BLOCK_MASK);
  freeBlockCount--;
  return first;
}

/** A block that was never used. There must be one at hand. */
function takeFresh(): u32 {
  const block = fresh;
  fresh += BLOCK_BYTES;
  for (let i: u32 = 1; i < BLOCK_CHUNKS; i++) {
    const chunk = block + i * CHUNK_BYTES;
    store<u32>(linkOf(chunk - CHUNK_BYTES), chunk);
  }
  return block;
}

/**
 * Gives back a list of `count` blocks, from the one that holds `first` to the one that holds
 * `last`.
 */
export function freeBlocks(first: u32, last: u32, count: u32): void {
  if (DEBUG) check(first != 0 && last != 0 && count != 0, 3);
  if (DEBUG) check(count != 1 || ((first ^ last) & ~BLOCK_MASK) == 0, 4);
  store<u32>(linkOf(last | BLOCK_MASK), freeBlock);
  freeBlock = first & ~BLOCK_MASK;
  freeBlockCount += count;
  if (freeBlockCount >= BATCH_BLOCKS) setBlocksAside();
}

/** Makes the list in use the spare one; a spare one that there was goes to whoever needs it. */
function setAside(): void {
  if (spare != 0) {
    lock();
    store<u32>(spare, run.chains);
    store<u32>(spare, spareCount, 4);
    run.chains = spare;
    unlock();
  }
  spare = free;
  spareCount = freeCount;
  free = 0;
  freeCount = 0;
}

/** The same for blocks. */
function setBlocksAside(): void {
  if (spareBlock != 0) {
    lock();
    store<u32>(spareBlock, run.blockChains);
    store<u32>(spareBlock, spareBlockCount, 4);
    run.blockChains = spareBlock;
    unlock();
  }
  spareBlock = freeBlock;
  spareBlockCount = freeBlockCount;
  freeBlock = 0;
  freeBlockCount = 0;
}

/**
 * Takes a chain, of blocks or of chunks, that some thread set aside, or memory that was never used.
 */
function refillFromCommon(blocks: bool): void {
  lock();
  const chain = blocks ? run.blockChains : run.chains;
  if (chain != 0 && blocks) {
    run.blockChains = load<u32>(chain);
    freeBlock = chain;
    freeBlockCount = load<u32>(chain, 4);
  } else if (chain != 0) {
    run.chains = load<u32>(chain);
    free = chain;
    freeCount = load<u32>(chain, 4);
  } else {
    if (run.fresh == run.freshEnd) startSegment();
    fresh = run.fresh;
    freshEnd = min(fresh + BATCH * CHUNK_BYTES, run.freshEnd);
    run.fresh = freshEnd;
    run.chunksTaken += (freshEnd - fresh) >> CHUNK_SHIFT;
  }
  unlock();
}

function startSegment(): void {
  const segment = (run.top + SEGMENT_MASK) & ~(<u64>SEGMENT_MASK);
  const end = segment + SEGMENT_BYTES;
  // The end of the last segment would not fit an address.
  if (end > u32.MAX_VALUE || !ensure(end)) {
    unlock();
    trap(TrapCode.OutOfMemory);
  }
  run.top = end;
  if (run.tagBytes != 0) placeTags(<u32>segment);
  run.fresh = <u32>segment + TABLE_BYTES;
  run.freshEnd = <u32>end;
}

/** Makes room for the tags of a segment's packets. */
function placeTags(segment: u32): void {
  const bytes = <u64>(SEGMENT_BYTES / RECORD_BYTES) * run.tagBytes;
  if (run.top + bytes > u32.MAX_VALUE || !ensure(run.top + bytes)) {
    unlock();
    trap(TrapCode.OutOfMemory);
  }
  store<u32>(run.tagTable + (segment / SEGMENT_BYTES) * 4, <u32>run.top);
  run.top += bytes;
}

function lock(): void {
  while (atomic.cmpxchg<u32>(lockAddress(), 0, 1) != 0);
}

function unlock(): void {
  atomic.store<u32>(lockAddress(), 0);
}


@inline
function lockAddress(): usize {
  return changetype<usize>(control) + offsetof<Control>("poolLock");
}

/**
 * Where the record after the one at `tail` goes; takes and links a chunk when this one is full.
 * `tail` is 0 in an empty list.
 */
@inline
export function nextSlot(tail: u32): u32 {
  const slot = tail + RECORD_BYTES;
  if (tail != 0 && (slot & CHUNK_MASK) != 0) return slot;
  if (DEBUG) check((tail & (RECORD_BYTES - 1)) == 0, 5);
  const chunk = takeChunk();
  if (tail != 0) store<u32>(linkOf(tail), chunk);
  return chunk;
}

/** The same for a list of blocks. */
@inline
export function nextBlockSlot(tail: u32): u32 {
  const slot = tail + RECORD_BYTES;
  if (tail != 0 && (slot & BLOCK_MASK) != 0) return slot;
  if (DEBUG) check((tail & (RECORD_BYTES - 1)) == 0, 5);
  const block = takeBlock();
  if (tail != 0) store<u32>(linkOf(tail), block);
  return block;
}

/** The record after one of a list of single chunks. */
@inline
export function nextRecord(record: u32): u32 {
  const next = record + RECORD_BYTES;
  return (next & CHUNK_MASK) != 0 ? next : chunkAfter(record);
}

/** The record after `head`; the chunk it leaves is freed. */
@inline
export function advanceHead(head: u32): u32 {
  const slot = head + RECORD_BYTES;
  if ((slot & CHUNK_MASK) != 0) return slot;
  const following = chunkAfter(head);
  if (DEBUG) check(following != 0 && (following & CHUNK_MASK) == 0, 6);
  freeChunk(head);
  return following;
}
