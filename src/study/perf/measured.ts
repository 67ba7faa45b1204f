/** Reads tables that nccl-tests printed. */
import { PerfError } from "./errors.js";

/** Time of a size, out of place. */
export interface MeasuredRow {
  readonly sizeBytes: number;
  readonly timeUs: number;
  readonly busbwGBps: number;
}

/**
 * Rows of a table as nccl-tests prints it: size, count, type, redop, root, then time, algbw, busbw
 * and #wrong, out of place and in place. Older versions leave out the root. Lines that do not start
 * with a number are comments, or another program's. Of a size that occurs twice the last row
 * counts.
 * @throws PerfError where there is no row, or a row is not whole
 */
export function readMeasured(text: string, file: string): ReadonlyMap<number, MeasuredRow> {
  const rows = new Map<number, MeasuredRow>();
  text.split(/\r?\n/).forEach((line, i) => {
    // Launchers put the rank before the line: `[0] 1024 …`, `0: 1024 …`.
    const words = line
      .replace(/^\s*(\[[^\]]*\]|\d+:)\s*/, "")
      .trim()
      .split(/\s+/);
    if (words.length < 6 || !/^\d+$/.test(words[0]!) || !/^\d+$/.test(words[1]!)) return;
    const figures = words.slice(2).filter((word) => /^-?[\d.]+(e[+-]?\d+)?$/i.test(word) || word === "N/A");
    // Two times time, algbw, busbw and #wrong, or once; before them the root.
    const [time, , busbw] = figures.slice(figures.length % 4 === 1 ? 1 : 0).map(Number);
    if (!(time! > 0) || !Number.isFinite(busbw)) {
      throw new PerfError(`${file}:${i + 1}: not a row of nccl-tests: time and bandwidths are missing`);
    }
    const sizeBytes = Number(words[0]);
    rows.set(sizeBytes, { sizeBytes, timeUs: time!, busbwGBps: busbw! });
  });
  if (rows.size === 0)
    throw new PerfError(`${file} has no rows of nccl-tests: size, count, type, redop, root, time, …`);
  return rows;
}
