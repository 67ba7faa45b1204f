/** Lines of words, as the ns-3 simulators of HPCC and SimAI read their files. */
import { type Dimension, formatQuantity, parseQuantity } from "../../../scenario/types/units.js";
import type { SourceFile } from "../common/source.js";

export interface Line {
  readonly words: readonly string[];
  readonly line: number;
}

const LARGEST_FILE = 2 ** 28;
const MAX_LINES = 2 ** 22;

/** Lines that are not empty, without comments. */
export async function linesOf(file: SourceFile): Promise<Line[]> {
  const lines: Line[] = [];
  await file.lines(LARGEST_FILE, (text, line) => {
    const content = text.replace(/#.*/, "").trim();
    if (content === "") return;
    if (lines.length === MAX_LINES) file.fail(`there are more than ${MAX_LINES} lines`, { line });
    lines.push({ words: content.split(/\s+/), line });
  });
  return lines;
}

export function whole(file: SourceFile, what: string, word: string | undefined, line: number): number {
  if (word !== undefined && /^\d{1,15}$/.test(word)) return Number(word);
  return file.fail(`${what} is ${shown(word)}; write a whole number`, { line });
}

export function number(file: SourceFile, what: string, word: string | undefined, line: number): number {
  const value = word !== undefined && /^[\d.]{1,24}(?:e[+-]?\d{1,3})?$/i.test(word) ? Number(word) : Number.NaN;
  return Number.isFinite(value) ? value : file.fail(`${what} is ${shown(word)}; write a number from 0 on`, { line });
}

/** A rate or time with ns-3's units (`100Gbps`, `40Mb/s`, `0.001ms`), as scenarios write it. */
export function quantity(file: SourceFile, dimension: Dimension, word: string | undefined, line: number): string {
  const text = (word ?? "").replace(/b\/s$/, "bps");
  const parsed = parseQuantity(dimension, text);
  if (parsed.ok) return formatQuantity(dimension, parsed.value);
  return file.fail(word === undefined ? `a ${dimension} is missing` : parsed.message, { line });
}

function shown(word: string | undefined): string {
  return word === undefined ? "missing" : JSON.stringify(word.slice(0, 40));
}
