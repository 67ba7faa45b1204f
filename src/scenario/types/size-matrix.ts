/** Matrices of sizes, as CSV. */
import type { SizeMatrix } from "../../plan/crossings.js";
import { namesFile } from "./file-or-text.js";
import { parseQuantity } from "./units.js";

/** Whether a text is the name of a file rather than a matrix. */
export function isFileName(text: string): boolean {
  return namesFile(text) && !/^\s*\d+\s*\w*\s*$/.test(text);
}

/**
 * A matrix of sizes: a row per line, entries between commas, in bytes or with a unit. Lines that
 * begin with # and empty lines are left out. What rank `r` has for itself is not sent.
 * @returns The matrix, or what is wrong with the text.
 */
export function readSizes(text: string): SizeMatrix | string {
  const rows = text.split(/\r?\n/).filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const ranks = rows.length;
  const bytes = new Float64Array(ranks * ranks);
  for (const [src, line] of rows.entries()) {
    const entries = line.split(",");
    if (entries.length !== ranks) {
      return `row ${src} has ${entries.length} entries, and there are ${ranks} rows; write a square`;
    }
    for (const [dst, entry] of entries.entries()) {
      const size = src === dst ? 0 : sizeOf(entry.trim());
      if (size === null) {
        const shown = JSON.stringify(entry.trim().slice(0, 40));
        return `${shown} from rank ${src} to rank ${dst} is no size; write e.g. 65536 or 64KiB`;
      }
      bytes[src * ranks + dst] = size;
    }
  }
  return { ranks, bytes };
}

/** The matrix of a text that the rules have checked. */
export function sizeMatrix(text: string): SizeMatrix {
  const read = readSizes(text);
  if (typeof read === "string") throw new Error(read);
  return read;
}

function sizeOf(entry: string): number | null {
  if (/^\d{1,15}$/.test(entry)) return Number(entry);
  const parsed = parseQuantity("size", entry);
  return parsed.ok && parsed.value >= 0 ? parsed.value : null;
}

/** The most that a rank sends. */
export function mostSent({ ranks, bytes }: SizeMatrix): number {
  let most = 0;
  for (let src = 0; src < ranks; src++) {
    let sum = 0;
    for (let dst = 0; dst < ranks; dst++) sum += bytes[src * ranks + dst]!;
    most = Math.max(most, sum);
  }
  return most;
}
