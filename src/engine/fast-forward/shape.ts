/** The fields of a record in which two states must agree, and how, by the fields' roles. */
import type { Field } from "../core/layout.js";

/** Offsets are in 32-bit words from the start of a record. */
export interface Shape {
  readonly words: number;
  /** Words that must be the same, and which of their bits. */
  readonly same: readonly { readonly word: number; readonly mask: number }[];
  /** Times: two words each. */
  readonly instants: readonly number[];
  /** Times that do not matter once they are over. */
  readonly untils: readonly number[];
  /** Counters of 64 bits. */
  readonly totals: readonly number[];
  /** What is used up, of 64 bits. */
  readonly budgets: readonly number[];
  /** Packet numbers. */
  readonly packets: readonly number[];
}

const WIDTH = { u8: 1, u16: 2, u32: 4, i32: 4, u64: 8, i64: 8, f64: 8 } as const;
const NONE = 0xffffffff;

export function shapeOf(record: Readonly<Record<string, Field>>, bytes: number): Shape {
  const masks = new Map<number, number>();
  const places = {
    instant: [] as number[],
    until: [] as number[],
    total: [] as number[],
    budget: [] as number[],
    packet: [] as number[],
  };
  for (const { offset, type, role } of Object.values(record)) {
    if (role === "same") addMask(masks, offset, WIDTH[type]);
    else if (role in places) places[role as keyof typeof places].push(offset >>> 2);
  }
  return {
    words: bytes >>> 2,
    same: Array.from(masks, ([word, mask]) => ({ word, mask })),
    instants: places.instant,
    untils: places.until,
    totals: places.total,
    budgets: places.budget,
    packets: places.packet,
  };
}

function addMask(masks: Map<number, number>, offset: number, width: number): void {
  const word = offset >>> 2;
  if (width === 8) masks.set(word + 1, -1);
  const bits = width >= 4 ? -1 : ((1 << (8 * width)) - 1) << (8 * (offset & 3));
  masks.set(word, (masks.get(word) ?? 0) | bits);
}

/** A time or counter at two words: below 2^53, but for times that are none. */
export function wide(words: Uint32Array, at: number): number {
  return words[at + 1]! * 2 ** 32 + words[at]!;
}

/** Any number of 64 bits at two words. */
export function exact(words: Uint32Array, at: number): bigint {
  return (BigInt(words[at + 1]!) << 32n) | BigInt(words[at]!);
}

export function setExact(words: Uint32Array, at: number, value: bigint): void {
  words[at] = Number(value & 0xffffffffn);
  words[at + 1] = Number(value >> 32n);
}

export function setWide(words: Uint32Array, at: number, value: number): void {
  words[at] = value;
  words[at + 1] = Math.floor(value / 2 ** 32);
}

/** 0 and all ones are no times. */
export function isNoTime(words: Uint32Array, at: number): boolean {
  const [low, high] = [words[at]!, words[at + 1]!];
  return low === high && (low === 0 || low === NONE);
}
