/** Figures as people read them. */

export function timeText(ns: number): string {
  if (ns < 1000) return `${ns.toFixed(0)} ns`;
  if (ns < 1e6) return `${digits(ns / 1e3)} µs`;
  return ns < 1e9 ? `${digits(ns / 1e6)} ms` : `${digits(ns / 1e9)} s`;
}

export function bytesText(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let at = 0;
  let value = bytes;
  for (; value >= 1024 && at < units.length - 1; at++) value /= 1024;
  return `${at === 0 ? value.toFixed(0) : digits(value)} ${units[at]}`;
}

export function rateText(bitsPerSecond: number): string {
  if (bitsPerSecond >= 1e12) return `${digits(bitsPerSecond / 1e12)} Tb/s`;
  return bitsPerSecond >= 1e9 ? `${digits(bitsPerSecond / 1e9)} Gb/s` : `${digits(bitsPerSecond / 1e6)} Mb/s`;
}

export function percentText(share: number): string {
  return `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`;
}

export function countText(count: number): string {
  return count.toLocaleString("en-US");
}

function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
