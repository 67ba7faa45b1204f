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

/** A tag's stamp: a time of 48 bits above an entropy value. */
const ENTROPY_SPAN = 2 ** PACKET.ENTROPY_BITS;
const STAMP_PS = 2 ** (64 - PACKET.ENTROPY_BITS);

/** The entropy value of the tag whose stamp is at this word. */
export function entropyIn(words: Uint32Array, at: number): number {
  return words[at]! % ENTROPY_SPAN;
}

/** How long before `nowPs` the packet of the tag was sent. */
export function sinceSentPs(words: Uint32Array, at: number, nowPs: number): number {
  return (STAMP_PS + (nowPs % STAMP_PS) - sentPs(words, at)) % STAMP_PS;
}

/** Moves the time of a tag ahead. */
export function moveStamp(words: Uint32Array, at: number, byPs: number): void {
  const time = (sentPs(words, at) + (byPs % STAMP_PS)) % STAMP_PS;
  const low = 2 ** 32 / ENTROPY_SPAN;
  words[at] = (time % low) * ENTROPY_SPAN + entropyIn(words, at);
  words[at + 1] = Math.floor(time / low);
}

function sentPs(words: Uint32Array, at: number): number {
  return words[at + 1]! * (2 ** 32 / ENTROPY_SPAN) + Math.floor(words[at]! / ENTROPY_SPAN);
}

/** Whether the second word is a flow, and the third names one of its packets. */
export function isNumbered(word1: number): boolean {
  return NUMBERED.has(word1 & TYPE_MASK);
}

/** The third word with a packet number moved by `by`. */
export function renumbered(word3: number, by: number): number {
  return ((word3 & ~NUMBER_MASK) | ((word3 + by) & NUMBER_MASK)) >>> 0;
}
