/** What fast-forward must know of packets and of the pool that holds them. */
import { PACKET, POOL } from "../core/layout.js";

const { CHUNK_MASK, CHUNK_SHIFT, RECORD_BYTES, SEGMENT_SHIFT, SEGMENT_MASK } = POOL;
const { TYPE_MASK, NUMBER_MASK } = PACKET;
export const RECORD_WORDS = RECORD_BYTES / 4;
/** Types of packets that name a packet of a flow. */
const NUMBERED = new Set<number>([PACKET.DATA, PACKET.ACK, PACKET.NACK, PACKET.TRIMMED]);

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
