/**
 * Memory that a thread needs while it steps one device and nothing of which outlives the step. Each
 * thread has its own.
 */

let cursor: u32 = 0;

/** Starts to carve at an address; at 0, to find out how much is needed. */
export function carveFrom(address: u32): void {
  cursor = address;
}

/** Takes `bytes`, 64-byte aligned. */
export function carve(bytes: u32): u32 {
  const start = cursor;
  cursor = (cursor + bytes + 63) & ~63;
  return start;
}

/** Where the carving has come to. */
export function carved(): u32 {
  return cursor;
}
