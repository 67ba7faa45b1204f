/** Quantities as people write them: three or four significant digits and the unit that fits. */

/**
 * A number with three significant digits (or as many as asked), without an exponent: `1.23`,
 * `12.3`, `123`, `0.0123`.
 */
export function digits(value: number, significant = 3): string {
  if (value === 0) return "0";
  // Rounded first: 0.9996 has the magnitude of 1.
  const magnitude = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(significant)))));
  return value.toFixed(Math.min(6, Math.max(0, significant - 1 - magnitude)));
}

/** Time: `999 ns`, `2.26 us`, `1.50 ms`, `12.0 s`. */
export function duration(ns: number): string {
  return scaled(ns, 1000, ["ns", "us", "ms", "s"]);
}

/** Time with five digits, for times that are compared with each other: `2.2601 us`. */
export function exactDuration(ns: number): string {
  return scaled(ns, 1000, ["ns", "us", "ms", "s"], 5);
}

/** Bytes in binary units: `512 B`, `64.0 KiB`, `1.00 GiB`. */
export function bytes(count: number): string {
  return count < 1024 ? `${digits(count)} B` : scaled(count, 1024, ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]);
}

/** A count: `999`, `12.3 k`, `1.23 M`. Whole numbers below 10,000 are written out. */
export function count(value: number): string {
  if (value < 10_000 && Number.isInteger(value)) return `${value}`;
  return scaled(value, 1000, ["", "k", "M", "G", "T", "P"]).trim();
}

/** A count and its noun: `1 flow`, `12.3 k flows`. */
export function counted(value: number, one: string, several = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : several}`;
}

/** Bits per second: `400 Gb/s`. */
export function bitRate(bps: number): string {
  return scaled(bps, 1000, ["b/s", "kb/s", "Mb/s", "Gb/s", "Tb/s", "Pb/s"]);
}

/** A share: `93.4 %`, `100 %`, and `< 0.1 %` rather than a zero that is none. */
export function percent(share: number): string {
  if (share > 0 && share < 0.001) return "< 0.1 %";
  const text = (share * 100).toFixed(1);
  return `${text === "100.0" ? "100" : text} %`;
}

function scaled(value: number, step: number, units: readonly string[], significant = 3): string {
  let unit = 0;
  let rest = value;
  // 999.6 would be written as 1000.
  while (Math.abs(rest) >= step - 0.5 && unit < units.length - 1) {
    rest /= step;
    unit += 1;
  }
  return `${unit === 0 && Number.isInteger(rest) ? rest : digits(rest, significant)} ${units[unit]!}`;
}
