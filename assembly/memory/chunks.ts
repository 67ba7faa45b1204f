/**
 * The pool that holds every packet in flight: chunks of 256 bytes, 16 records of 16 bytes. Inboxes, egress queues and post queues are lists
 * of chunks. Freed chunks are reused last in, first out, while they are still in cache.
 *
 * The pool grows by segments of 4 MiB, aligned to their size. A segment begins with a table of its chunks' successors: links are close together
 * and stay in cache, so that a list can be walked ahead of its records.
 */
import { allocated, ensure, run, trap } from "./arena";
import { TrapCode } from "./structs";

export const CHUNK_BYTES: u32 = 256;
export const CHUNK_MASK: u32 = CHUNK_BYTES - 1;
export const RECORD_BYTES: u32 = 16;
export const RECORDS_PER_CHUNK: u32 = 16;
const CHUNK_SHIFT: u32 = 8;
const SEGMENT_BYTES: u32 = 1 << 22;
const SEGMENT_MASK: u32 = SEGMENT_BYTES - 1;
/** The table takes the place of the segment's first chunks. */
const TABLE_BYTES: u32 = (SEGMENT_BYTES >> CHUNK_SHIFT) * 4;

let free: u32 = 0;
let fresh: u32 = 0;
let freshEnd: u32 = 0;

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

/** Starts the pool behind everything that was allocated. */
export function startPool(): void {
  free = 0;
  freshEnd = <u32>((allocated() + SEGMENT_MASK) & ~SEGMENT_MASK);
  fresh = freshEnd;
  run.poolStart = fresh;
}

function freshChunk(): u32 {
  if (fresh == freshEnd) {
    if (freshEnd > u32.MAX_VALUE - 2 * SEGMENT_BYTES) trap(TrapCode.OutOfMemory);
    ensure(<usize>freshEnd + SEGMENT_BYTES);
    fresh = freshEnd + TABLE_BYTES;
    freshEnd += SEGMENT_BYTES;
  }
  const chunk = fresh;
  fresh += CHUNK_BYTES;
  return chunk;
}

/** A chunk; its contents are arbitrary. */
@inline
export function takeChunk(): u32 {
  const inUse = run.chunksInUse + 1;
  run.chunksInUse = inUse;
  if (inUse > run.chunksPeak) run.chunksPeak = inUse;
  const chunk = free;
  if (chunk == 0) return freshChunk();
  free = chunkAfter(chunk);
  return chunk;
}

/** Gives back the chunk that holds `address`. */
@inline
export function freeChunk(address: u32): void {
  store<u32>(linkOf(address), free);
  free = address & ~CHUNK_MASK;
  run.chunksInUse--;
}

/** Gives back a list of `count` chunks, from the one that holds `first` to the one that holds `last`. */
@inline
export function freeChunks(first: u32, last: u32, count: u32): void {
  store<u32>(linkOf(last), free);
  free = first & ~CHUNK_MASK;
  run.chunksInUse -= count;
}

/** Where the record after the one at `tail` goes; takes and links a chunk when this one is full. `tail` is 0 in an empty list. */
@inline
export function nextSlot(tail: u32): u32 {
  const slot = tail + RECORD_BYTES;
  if (tail != 0 && (slot & CHUNK_MASK) != 0) return slot;
  const chunk = takeChunk();
  if (tail != 0) store<u32>(linkOf(tail), chunk);
  return chunk;
}

/** The record after `head`; the chunk it leaves is freed. */
@inline
export function advanceHead(head: u32): u32 {
  const slot = head + RECORD_BYTES;
  if ((slot & CHUNK_MASK) != 0) return slot;
  const following = chunkAfter(head);
  freeChunk(head);
  return following;
}
