/**
 * Long lists of small maps, line by line: `- { src: 0, dst: 1, size: 1MiB }`, or a line for each
 * key. Such rows mean the same to every YAML reader, and reading them here takes a tenth of the
 * time. What is not beyond doubt is no row, and is left to the YAML reader.
 */
import { keyFault, type Scalar } from "./node.js";

/** A plain key of a row, its value, and the offset of the key in the text. */
interface Pair {
  readonly key: string;
  readonly keyOffset: number;
  readonly value: Scalar;
  readonly valueOffset: number;
}

/** An item of a list: a map. The offset is where it begins, behind the dash. */
export interface Row {
  readonly offset: number;
  readonly pairs: readonly Pair[];
}

/**
 * Rows of one list in a run. The first and the last one are left to the YAML reader: it shows by
 * them that this is a list, and that nothing goes on behind the last row that is taken.
 */
export interface Fold {
  /** Of the first row, and of the last one. */
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** The rows between, and the part of the text that they take. */
  readonly rows: readonly Row[];
  readonly from: number;
  readonly to: number;
}

/** Fewer rows in a run are not worth it. */
const MIN_ROWS = 64;

/** `- ` at an indent. */
const DASH = /( *)- (?=[A-Za-z"'{])/y;
/** A key that needs no thought, plain or in quotes, and the space behind it. */
const KEY = /(?:"([A-Za-z]\w{0,60})"|'([A-Za-z]\w{0,60})'|([A-Za-z]\w{0,60})): +/y;
/** A decimal number; a number with a unit; a name; text in quotes without escapes. */
const VALUE =
  /(?:(\d{1,15})|((?!0[xo])\d{1,15}(?:\.\d{1,15})?[A-Za-z]{1,4}|[A-Za-z][\w-]*)|"([^"\\\n\r]*)"|'([^'\n\r]*)')(?=[ ,}\r\n]|$)/y;
const LINE_END = / *\r?(?:\n|$)/y;
const SEPARATOR = /, */y;
const OPEN = /\{ */y;
const CLOSE = / *\}/y;
/** Keys of a row. */
const MAX_PAIRS = 16;
/** Words of YAML's core schema, which are no text. */
const NO_TEXT = /^(?:null|true|false)$/i;

/** Runs of regular rows in a text, in order. None where a directive may change what words mean. */
export function regularRows(text: string, least = MIN_ROWS): readonly Fold[] {
  const folds: Fold[] = [];
  if (/^%/m.test(text)) return folds;
  const reader = new RowReader(text);
  for (let line = 0; line < text.length; ) {
    const first = reader.rowAt(line);
    if (first === null) {
      line = nextLine(text, line);
      continue;
    }
    const starts = [line];
    const rows = [first.row];
    let end = first.end;
    for (let next = reader.rowAt(end); next !== null && next.indent === first.indent; next = reader.rowAt(end)) {
      starts.push(end);
      rows.push(next.row);
      end = next.end;
    }
    if (rows.length >= least) {
      folds.push({
        firstOffset: rows[0]!.offset,
        lastOffset: rows.at(-1)!.offset,
        rows: rows.slice(1, -1),
        from: starts[1]!,
        to: starts.at(-1)!,
      });
    }
    line = end;
  }
  return folds;
}

function nextLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end + 1;
}

interface FoundRow {
  readonly row: Row;
  readonly indent: number;
  /** Where the next line begins. */
  readonly end: number;
}

class RowReader {
  #at = 0;

  constructor(private readonly text: string) {}

  /** The row that begins with the line at an offset, or null. */
  rowAt(line: number): FoundRow | null {
    this.#at = line;
    const dash = this.#take(DASH);
    if (dash === null) return null;
    const offset = this.#at;
    const indent = dash[1]!.length;
    const pairs = this.text[offset] === "{" ? this.#braces() : this.#block(indent + 2);
    return pairs === null ? null : { row: { offset, pairs }, indent, end: this.#at };
  }

  /** `{ key: value, … }` and the end of its line. */
  #braces(): Pair[] | null {
    this.#take(OPEN);
    const pairs: Pair[] = [];
    do {
      if (!this.#pair(pairs)) return null;
    } while (this.#take(SEPARATOR) !== null);
    return this.#take(CLOSE) !== null && this.#take(LINE_END) !== null ? pairs : null;
  }

  /** `key: value`, and more of them on lines of this indent. */
  #block(indent: number): Pair[] | null {
    const pairs: Pair[] = [];
    for (;;) {
      if (!this.#pair(pairs) || this.#take(LINE_END) === null) return null;
      for (let i = 0; i < indent; i++) if (this.text[this.#at + i] !== " ") return pairs;
      this.#at += indent;
    }
  }

  #pair(pairs: Pair[]): boolean {
    const keyOffset = this.#at;
    const named = this.#take(KEY);
    if (named === null || pairs.length === MAX_PAIRS) return false;
    const key = named[1] ?? named[2] ?? named[3]!;
    const valueOffset = this.#at;
    const value = this.#take(VALUE);
    if (value === null) return false;
    const [, number, word, double, single] = value;
    if (word !== undefined && NO_TEXT.test(word)) return false;
    if (keyFault(key) !== null || NO_TEXT.test(key) || pairs.some((pair) => pair.key === key)) return false;
    pairs.push({
      key,
      keyOffset,
      value: number === undefined ? (word ?? double ?? single!) : Number(number),
      valueOffset,
    });
    return true;
  }

  /** What stands here, which is then behind; null where it is something else. */
  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text);
    if (found !== null) this.#at = pattern.lastIndex;
    return found;
  }
}

/** A text without the rows of its folds. */
export interface FoldedText {
  readonly text: string;
  /** Where an offset of it is in the whole text. */
  offsetOf(offset: number): number;
  /** Where an offset of the whole text, not inside of a fold, is in it. */
  placeOf(offset: number): number;
}

export function foldedText(text: string, folds: readonly Fold[]): FoldedText {
  const parts: string[] = [];
  /** By part: where it begins, in the whole text and in what is left of it. */
  const begins: { whole: number; left: number }[] = [];
  let [whole, left] = [0, 0];
  for (const { from, to } of [...folds, { from: text.length, to: text.length }]) {
    begins.push({ whole, left });
    parts.push(text.slice(whole, from));
    left += from - whole;
    whole = to;
  }
  const move = (offset: number, from: "whole" | "left", to: "whole" | "left") => {
    const part = begins.findLast((begin) => begin[from] <= offset) ?? begins[0]!;
    return offset - part[from] + part[to];
  };
  return {
    text: parts.join(""),
    offsetOf: (offset) => move(offset, "left", "whole"),
    placeOf: (offset) => move(offset, "whole", "left"),
  };
}
