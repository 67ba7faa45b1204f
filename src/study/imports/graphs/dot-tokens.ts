/** Words of DOT, the language of Graphviz. */
import type { SourceFile } from "../common/source.js";

export interface Token {
  /** An id in quotes is no keyword. */
  readonly kind: "id" | "quoted" | "mark" | "end";
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

const SPACE = /(?:[\s\u00a0\ufeff]+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|(?<=^|\n)#[^\n]*)/y;
const WORD = /-?(?:\.\d+|\d+(?:\.\d*)?)|[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*/y;
const QUOTED = /"([^"\\]*(?:\\[\s\S][^"\\]*)*)"/y;
const MARK = /->|--|[{}[\]=;,:+]/y;

/** Reads tokens one by one; each takes time in proportion to its length. */
export class DotTokens {
  private at = 0;
  private line = 1;
  private lineStart = 0;

  constructor(
    private readonly file: SourceFile,
    private readonly text: string,
  ) {}

  next(): Token {
    for (let space = this.match(SPACE); space !== null; space = this.match(SPACE)) this.skip(space[0]);
    const place = { line: this.line, column: this.at - this.lineStart + 1 };
    if (this.at === this.text.length) return { kind: "end", text: "", ...place };
    const quoted = this.match(QUOTED);
    if (quoted !== null) {
      this.skip(quoted[0]);
      return { kind: "quoted", text: quoted[1]!.replaceAll(/\\\r?\n/g, "").replaceAll('\\"', '"'), ...place };
    }
    const mark = this.match(MARK);
    if (mark !== null) {
      this.skip(mark[0]);
      return { kind: "mark", text: mark[0], ...place };
    }
    const word = this.match(WORD);
    if (word !== null) {
      this.skip(word[0]);
      return { kind: "id", text: word[0], ...place };
    }
    if (this.text[this.at] === "<") return { kind: "quoted", text: this.html(), ...place };
    const fault = this.text[this.at] === '"' ? "a quote that is not closed" : "a comment that is not closed";
    const shown = JSON.stringify(this.text.slice(this.at, this.at + 12));
    return this.file.fail(/^["/]/.test(this.text[this.at]!) ? fault : `${shown} is not DOT`, place);
  }

  /** A label in angle brackets, which may hold others. */
  private html(): string {
    const from = this.at;
    let depth = 0;
    let to = from;
    for (; to < this.text.length; to++) {
      if (this.text[to] === "<") depth += 1;
      else if (this.text[to] === ">" && --depth === 0) break;
    }
    if (depth > 0) {
      this.file.fail("a < that is not closed", { line: this.line, column: from - this.lineStart + 1 });
    }
    this.skip(this.text.slice(from, to + 1));
    return this.text.slice(from + 1, to);
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text);
  }

  private skip(text: string): void {
    const last = text.lastIndexOf("\n");
    if (last >= 0) {
      for (const character of text) if (character === "\n") this.line += 1;
      this.lineStart = this.at + last + 1;
    }
    this.at += text.length;
  }
}
