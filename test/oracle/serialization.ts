const PS_BITS_PER_BYTE = 8n * 10n ** 12n;

/** Time that `wireBytes` take at a rate: `round(b * 8e12 / rate)` with halves up, or truncated. */
export function serializationPs(wireBytes: number, rateBps: number, rounding: "round" | "floor"): number {
  const key = `${wireBytes} ${rateBps} ${rounding}`;
  const known = memo.get(key);
  if (known !== undefined) return known;
  // BigInt, since packets of a few kilobytes already exceed 2^53.
  const work = BigInt(wireBytes) * PS_BITS_PER_BYTE;
  const rate = BigInt(rateBps);
  const ps = Number(rounding === "floor" ? work / rate : (2n * work + rate) / (2n * rate));
  memo.set(key, ps);
  return ps;
}

const memo = new Map<string, number>();
