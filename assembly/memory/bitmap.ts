/** Bitmaps in linear memory, 64 bits a word. */

@inline
export function setBit(bitmap: u32, index: u32): void {
  const word = bitmap + (index >> 6) * 8;
  store<u64>(word, load<u64>(word) | ((<u64>1) << (index & 63)));
}


@inline
export function clearBit(bitmap: u32, index: u32): void {
  const word = bitmap + (index >> 6) * 8;
  store<u64>(word, load<u64>(word) & ~((<u64>1) << (index & 63)));
}


@inline
export function hasBit(bitmap: u32, index: u32): bool {
  return ((load<u64>(bitmap + (index >> 6) * 8) >> (index & 63)) & 1) != 0;
}

/** The first set bit from `from` on and below `end`; `end` where there is none. */
export function firstBit(bitmap: u32, from: u32, end: u32): u32 {
  if (from >= end) return end;
  let word = from & ~63;
  let bits = load<u64>(bitmap + (word >> 6) * 8) & (u64.MAX_VALUE << (from & 63));
  while (bits == 0) {
    word += 64;
    if (word >= end) return end;
    bits = load<u64>(bitmap + (word >> 6) * 8);
  }
  return min(word + <u32>ctz(bits), end);
}

/**
 * The first set bit in cyclic order after `after`, among `count` bits of which at least one is set.
 */
export function nextBit(bitmap: u32, after: u32, count: u32): u32 {
  const words = (count + 63) >> 6;
  const first = after + 1 >= count ? 0 : after + 1;
  let w = first >> 6;
  let bits = load<u64>(bitmap + w * 8) & (u64.MAX_VALUE << (first & 63));
  while (bits == 0) {
    w = w + 1 == words ? 0 : w + 1;
    bits = load<u64>(bitmap + w * 8);
  }
  return w * 64 + <u32>ctz(bits);
}
