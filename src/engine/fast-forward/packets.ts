/** What fast-forward must know of packets and of the pool that holds them: as in assembly/packet/packet.ts, engine/key.ts and memory/chunks.ts. */

export const RECORD_WORDS = 4;
const CHUNK_MASK = 255;
const CHUNK_SHIFT = 8;
const SEGMENT_SHIFT = 22;
const SEGMENT_MASK = (1 << SEGMENT_SHIFT) - 1;
const TYPE_MASK = 0x380000;
/** Data, ACK, NACK and trimmed data. */
const NUMBERED = new Set([0, 0x080000, 0x100000, 0x200000]);
const NUMBER_MASK = 0xffffff;

/** In an inbox key: not a pause frame. */
export const PACKET_BIT = 1;
/** In an inbox key: picoseconds into the window lie above. */
export const TIME_SHIFT = 11;

/** The record after the one at `address` in a list. */
export function recordAfter(words: Uint32Array, address: number): number {
  const next = address + 4 * RECORD_WORDS;
  if ((next & CHUNK_MASK) !== 0) return next;
  const link = ((address & ~SEGMENT_MASK) >>> 0) + (((address & SEGMENT_MASK) >>> CHUNK_SHIFT) << 2);
  return words[link >>> 2]!;
}

/** Address of the tag of the packet at `address`. */
export function tagAddress(words: Uint32Array, tagTable: number, tagBytes: number, address: number): number {
  return words[(tagTable >>> 2) + (address >>> SEGMENT_SHIFT)]! + ((address & SEGMENT_MASK) >>> 4) * tagBytes;
}

/** Whether the second word is a flow, and the third names one of its packets. */
export function isNumbered(word1: number): boolean {
  return NUMBERED.has(word1 & TYPE_MASK);
}

/** The third word with a packet number moved by `by`. */
export function renumbered(word3: number, by: number): number {
  return ((word3 & ~NUMBER_MASK) | ((word3 + by) & NUMBER_MASK)) >>> 0;
}
