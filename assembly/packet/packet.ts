/**
 * A packet on the wire, three words:
 *
 *     word 1   destination's address (19)   type (3)   congestion mark (1)   wire bytes, low (9)
 *     word 2   QP (30)   lane (2)
 *     word 3   packet number (24)   wire bytes, high (8)
 *
 * All but data have a fixed size. The 17 size bits of ACK and NACK say how far beyond `expected`
 * the packet lies that they answer (plus one; 0 for none), the packet number is `expected`, and the
 * mark echoes those of the packets answered. Packet numbers are modulo 2^24, as in a RoCE header.
 * What some policies send along besides is the packet's tag (packet/tags.ts). Lanes are 0 but where
 * packets go over third groups (routing/detour.ts); the lean core has none.
 */
import { run } from "../memory/arena";
import { MAX_ADDRESSES } from "../memory/structs/limits";

export const ADDRESS_MASK: u32 = MAX_ADDRESSES - 1;
export const TYPE_MASK: u32 = 0x380000;
export const DATA: u32 = 0;
export const ACK: u32 = 0x080000;
export const NACK: u32 = 0x100000;
/** Congestion notification: the receiver tells the sender of a mark at once. */
export const CNP: u32 = 0x180000;
/** Types that go from the receiver to the sender have one of these bits. */
export const BACKWARD: u32 = 0x180000;
/** A data packet whose payload a full switch has cut off: it has the size and class of an ACK. */
export const TRIMMED: u32 = 0x200000;
/** Credit: what the receiver has granted to the QP so far, as the packet number, in quanta. */
export const PULL: u32 = 0x280000;
/**
 * Advertises a queue to the next switch: word 2 is the group of destinations, the packet number
 * what waits on the way there.
 */
export const NOTICE: u32 = 0x300000;
export const MARK: u32 = 0x400000;
export const SIZE_SHIFT: u32 = 23;
export const SIZE_LOW_BITS: u32 = 9;
export const LANE_SHIFT: u32 = 30;
export const FLOW_MASK: u32 = (1 << LANE_SHIFT) - 1;
export const NUMBER_MASK: u32 = 0xffffff;
export const NUMBER_BITS: u32 = 24;
/** Bits of an entropy value, the lowest of a tag's stamp. */
export const ENTROPY_BITS: u32 = 16;

let ackWireBytes: u32 = 0;
/** Type bits that put a packet into the control class. */
let controlTypes: u32 = 0;
export let gapBytes: u32 = 0;

export function loadPacketParameters(): void {
  ackWireBytes = run.ackWireBytes;
  controlTypes = run.ackInControlClass ? TYPE_MASK : 0;
  gapBytes = run.gapBytes;
}


@inline
export function firstWord(address: u32, type: u32, size: u32): u32 {
  return address | type | (size << SIZE_SHIFT);
}


@inline
export function thirdWord(number: u32, size: u32): u32 {
  return (number & NUMBER_MASK) | ((size >> SIZE_LOW_BITS) << NUMBER_BITS);
}

/** Words 2 and 3 travel together. */
@inline
export function wordPair(word2: u32, word3: u32): u64 {
  return (<u64>word2) | ((<u64>word3) << 32);
}

/** The 17 size bits. */
@inline
export function sizeBits(word1: u32, word3: u32): u32 {
  return (word1 >> SIZE_SHIFT) | ((word3 >> NUMBER_BITS) << SIZE_LOW_BITS);
}


@inline
export function wireBytes(word1: u32, word3: u32): u32 {
  // Which it is cannot be foretold: not by a branch.
  return select<u32>(ackWireBytes, sizeBits(word1, word3), (word1 & TYPE_MASK) != 0);
}


@inline
export function isControl(word1: u32): bool {
  return (word1 & controlTypes) != 0;
}

/** What a packet of `wire` bytes counts in a buffer of the data class. */
@inline
export function accountedBytes(word1: u32, wire: u32): u32 {
  return isControl(word1) ? 0 : wire - gapBytes;
}

/** A difference of packet numbers, from its lowest 24 bits. */
@inline
export function signedNumber(difference: u32): i32 {
  return (<i32>(difference << 8)) >> 8;
}

/** The full packet number nearest to `reference` that has these 24 bits. */
@inline
export function fullNumber(word3: u32, reference: u32): u32 {
  return reference + signedNumber(word3 - reference);
}
