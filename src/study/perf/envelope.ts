/** Where the runs of a table leave what the model is known to be accurate for. */
import { bytes } from "../../answer/text/units.js";
import type { PerfRow } from "./document.js";

/**
 * The remarks of all sizes, each once, with the sizes that it is about. Of remarks that differ in
 * their figures alone, the one of the smallest size stands for all.
 */
export function envelopeOfRows(rows: readonly PerfRow[]): string[] {
  const groups = new Map<string, { first: string; sizes: number[] }>();
  for (const { sizeBytes, envelope = [] } of rows) {
    for (const text of envelope) {
      const kind = text.replace(/\d[\d.]*/g, "0");
      const group = groups.get(kind) ?? { first: text, sizes: [] };
      group.sizes.push(sizeBytes);
      groups.set(kind, group);
    }
  }
  return [...groups.values()].map(({ first, sizes }) => `${rangeOf(sizes)}: ${first}`);
}

/** The sizes of a remark, which follow each other in nearly all tables. */
function rangeOf(sizes: readonly number[]): string {
  const [first, last] = [bytes(sizes[0]!), bytes(sizes.at(-1)!)];
  return sizes.length === 1 ? first : `${first} to ${last}`;
}
