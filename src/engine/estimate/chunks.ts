/** Chunks of the packet pool for what is expected to be in lists. */
import { POOL } from "../core/layout.js";

export const CHUNK_RECORDS = POOL.RECORDS_PER_CHUNK;
const BLOCK_RECORDS = POOL.RECORDS_PER_BLOCK;

/** Above this mean the shape of the distribution no longer shows. */
const LARGE_MEAN = 4 * BLOCK_RECORDS;
const table = Float64Array.from({ length: 8 * LARGE_MEAN + 2 }, (_, i) => summed(i / 8));

/**
 * Expected chunks of an inbox that holds a Poisson number of records with this mean: a list of
 * blocks, which begins at a block's start.
 */
export function inboxChunks(mean: number): number {
  return POOL.BLOCK_CHUNKS * inboxBlocks(mean);
}

function inboxBlocks(mean: number): number {
  if (mean <= 0) return 0;
  if (mean >= LARGE_MEAN) return mean / BLOCK_RECORDS + (1 - 1 / BLOCK_RECORDS) / 2;
  const at = mean * 8;
  const below = Math.floor(at);
  return table[below]! + (at - below) * (table[below + 1]! - table[below]!);
}

/** Expected ceil(N / BLOCK_RECORDS). */
function summed(mean: number): number {
  let probability = Math.exp(-mean);
  let sum = 0;
  for (let n = 1; n < mean + 12 * Math.sqrt(mean) + 12; n++) {
    probability *= mean / n;
    sum += probability * Math.ceil(n / BLOCK_RECORDS);
  }
  return sum;
}

/** Expected chunks of a queue of `records`, at least one, which begins anywhere in a chunk. */
export function queueChunks(records: number): number {
  return 1 + (records - 1) / CHUNK_RECORDS;
}
