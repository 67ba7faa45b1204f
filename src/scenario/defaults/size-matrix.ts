/** Matrices of sizes, as CSV. */
import type { SizeMatrix } from "../../plan/crossings.js";
import { parseQuantity } from "../types/units.js";

/** A fault in a matrix, in words. */
class SizeMatrixError extends Error {}

/** What is wrong with the text of a matrix, in words; null where nothing is. */
export function sizeMatrixFault(text: string): string | null {
  try {
    sizeMatrix(text);
    return null;
  } catch (cause) {
    if (cause instanceof SizeMatrixError) return cause.message;
    throw cause;
  }
}

/** Whether a text is the name of a file rather than a matrix. */
export function isFileName(text: string): boolean {
  return !/[\n,]/.test(text) && /[^\d\s]/.test(text) && !/^\s*\d/.test(text);
}

/**
 * A matrix of sizes: a row per line, entries between commas, in bytes or with a unit. Lines that
 * begin with # and empty lines are left out. What rank `r` has for itself is not sent.
 * The text must be without a fault (`sizeMatrixFault`).
 */
export function sizeMatrix(text: string): SizeMatrix {
  const rows = text.split(/\r?\n/).filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const ranks = rows.length;
  const bytes = new Float64Array(ranks * ranks);
  rows.forEach((line, src) => {
    const entries = line.split(",");
    if (entries.length !== ranks) {
      throw new SizeMatrixError(
        `row ${src} has ${entries.length} entries, and there are ${ranks} rows; write a square`,
      );
    }
    entries.forEach((entry, dst) => {
      bytes[src * ranks + dst] = src === dst ? 0 : bytesOf(entry.trim(), src, dst);
    });
  });
  return { ranks, bytes };
}

function bytesOf(entry: string, src: number, dst: number): number {
  if (/^\d{1,15}$/.test(entry)) return Number(entry);
  const parsed = parseQuantity("size", entry);
  if (parsed.ok && parsed.value >= 0) return parsed.value;
  const shown = JSON.stringify(entry.slice(0, 40));
  throw new SizeMatrixError(`${shown} from rank ${src} to rank ${dst} is no size; write e.g. 65536 or 64KiB`);
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
