/** Lines and columns of a text, counted from 1. The table of lines is made when it is asked for. */
import { lowerBound } from "../../util/lower-bound.js";

export interface Places {
  at(offset: number): { readonly line: number; readonly column: number };
}

export function placesOf(text: string): Places {
  let starts: Uint32Array | undefined;
  return {
    at(offset) {
      starts ??= lineStarts(text);
      const all = starts;
      const line = Math.max(
        1,
        lowerBound(all.length, (i) => all[i]! > offset),
      );
      return { line, column: Math.max(1, offset - all[line - 1]! + 1) };
    },
  };
}

function lineStarts(text: string): Uint32Array {
  let count = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  const starts = new Uint32Array(count);
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts[line++] = at + 1;
  return starts;
}
