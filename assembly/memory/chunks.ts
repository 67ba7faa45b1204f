/**
 * The pool that holds every packet in flight: chunks of 256 bytes, a link to the next chunk in the first 16 and 15 records of
 * 16 bytes after it. Inboxes, egress queues and post queues are lists of chunks. Freed chunks are reused last in, first out, while
 * they are still in cache.
 */
import { allocated, ensure, run, trap } from "./arena";
import { TrapCode } from "./structs";

export const CHUNK_BYTES: u32 = 256;
export const CHUNK_MASK: u32 = CHUNK_BYTES - 1;
export const RECORD_BYTES: u32 = 16;
export const RECORDS_PER_CHUNK: u32 = 15;
/** Memory is taken from the machine in steps of this. */
const GROWTH_BYTES: u32 = 1 << 22;

let free: u32 = 0;
let fresh: u32 = 0;
let freshEnd: u32 = 0;

/** Starts the pool behind everything that was allocated. */
export function startPool(): void {
  free = 0;
  fresh = <u32>((allocated() + CHUNK_MASK) & ~CHUNK_MASK);
  freshEnd = fresh;
  run.poolStart = fresh;
}

function freshChunk(): u32 {
  if (fresh == freshEnd) {
    if (freshEnd > 0xffffffff - GROWTH_BYTES) trap(TrapCode.OutOfMemory);
    freshEnd += GROWTH_BYTES;
    ensure(freshEnd);
  }
  const chunk = fresh;
  fresh += CHUNK_BYTES;
  return chunk;
}

/** A chunk; its contents are arbitrary. */
// @ts-ignore: decorator
@inline
export function takeChunk(): u32 {
  const inUse = run.chunksInUse + 1;
  run.chunksInUse = inUse;
  if (inUse > run.chunksPeak) run.chunksPeak = inUse;
  const chunk = free;
  if (chunk == 0) return freshChunk();
  free = load<u32>(chunk);
  return chunk;
}

// @ts-ignore: decorator
@inline
export function freeChunk(chunk: u32): void {
  store<u32>(chunk, free);
  free = chunk;
  run.chunksInUse--;
}

/** Gives back a list of `count` chunks, linked from `first` to `last`. */
// @ts-ignore: decorator
@inline
export function freeChunks(first: u32, last: u32, count: u32): void {
  store<u32>(last, free);
  free = first;
  run.chunksInUse -= count;
}

/** Where the record after the one at `tail` goes; takes and links a chunk when this one is full. `tail` is 0 in an empty list. */
// @ts-ignore: decorator
@inline
export function nextSlot(tail: u32): u32 {
  const slot = tail + RECORD_BYTES;
  if (tail != 0 && (slot & CHUNK_MASK) != 0) return slot;
  const chunk = takeChunk();
  if (tail != 0) store<u32>(tail & ~CHUNK_MASK, chunk);
  return chunk + RECORD_BYTES;
}

/** The record after `head`; the chunk it leaves is freed. */
// @ts-ignore: decorator
@inline
export function advanceHead(head: u32): u32 {
  const slot = head + RECORD_BYTES;
  if ((slot & CHUNK_MASK) != 0) return slot;
  const chunk = head & ~CHUNK_MASK;
  const following = load<u32>(chunk);
  freeChunk(chunk);
  return following + RECORD_BYTES;
}
