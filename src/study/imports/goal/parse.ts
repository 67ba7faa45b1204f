/** GOAL text: what stands in it, statement by statement. */
import type { SourceFile } from "../common/source.js";

/** A message or a computation of a rank. */
export interface GoalOperation {
  readonly kind: "send" | "recv" | "calc";
  /** Bytes, or units of time. */
  readonly amount: number;
  /** The other rank; `ANY` for a receive from any. */
  readonly peer: number;
  /** `ANY` for a receive of any. */
  readonly tag: number;
  readonly cpu: number;
  readonly nic: number;
}

/** ANY_SOURCE and ANY_TAG. */
export const ANY = -1;

/** What a reader of statements is told. Lines count from 1. */
export interface GoalVisitor {
  ranks(count: number): void;
  /** @returns the number of the operation */
  operation(rank: number, operation: GoalOperation, line: number): number;
  /** `later` waits for the end of `earlier`, or for its start. */
  requires(rank: number, later: number, earlier: number, onStart: boolean, line: number): void;
}

const LARGEST_BYTES = 2 ** 33;
const MAX_RANKS = 2 ** 17;
const LARGEST_TAG = 2 ** 32 - 1;
const MAX_CPUS = 256;

const LABEL = "[a-zA-Z][a-zA-Z0-9_]*";
const HEADER = /^num_ranks\s+(\d{1,16})$/;
const RANK = /^rank\s+(\d{1,16})\s*\{$/;
const RANK_START = /^rank\b/;
const REQUIRES = new RegExp(`^(${LABEL})\\s+(i?requires)\\s+(${LABEL})$`);
const LABELLED = new RegExp(`^(${LABEL})\\s*:\\s*(.*)$`);
const MESSAGE =
  /^(send|recv)\s+(\d{1,16})b\s+(to|from)\s+(-?\d{1,16})(?:\s+tag\s+(-?\d{1,16}))?(?:\s+cpu\s+(\d{1,16}))?(?:\s+nic\s+(\d{1,16}))?$/;
const CALC = /^calc\s+(\d{1,16})(?:\s+cpu\s+(\d{1,16}))?$/;

/** Reads a file statement by statement. */
export class GoalParser {
  private count: number | undefined;
  private rank: number | undefined;
  private isInComment = false;
  private readonly seen = new Set<number>();
  private labels = new Map<string, number>();

  constructor(
    private readonly file: SourceFile,
    private readonly visitor: GoalVisitor,
  ) {}

  /** Takes the next line. */
  line(written: string, line: number): void {
    const text = this.withoutComments(written).trim();
    if (text === "") return;
    if (this.count === undefined) this.header(text, line);
    else if (this.rank === undefined) this.begin(text, line);
    else if (text === "}") this.rank = undefined;
    else this.statement(this.rank, text, line);
  }

  /** There are no more lines. @returns number of ranks */
  end(): number {
    if (this.isInComment) this.file.fail("the file ends inside a comment; close it with */");
    if (this.count === undefined) this.file.fail("the file is empty; its first statement is num_ranks and a number");
    if (this.rank !== undefined) this.file.fail(`the file ends inside the block of rank ${this.rank}; it was cut off`);
    return this.count;
  }

  private withoutComments(written: string): string {
    let text = written;
    let kept = "";
    for (;;) {
      if (this.isInComment) {
        const end = text.indexOf("*/");
        if (end < 0) return kept;
        text = text.slice(end + 2);
        this.isInComment = false;
      }
      const start = text.search(/\/[/*]/);
      if (start < 0) return kept + text;
      kept += `${text.slice(0, start)} `;
      if (text[start + 1] === "/") return kept;
      text = text.slice(start + 2);
      this.isInComment = true;
    }
  }

  private header(text: string, line: number): void {
    const [, number] = HEADER.exec(text) ?? [];
    if (number === undefined) {
      this.file.fail(`${shown(text)} is not the start of GOAL text; its first statement is num_ranks and a number`, {
        line,
      });
    }
    this.count = this.whole("num_ranks", number, 1, MAX_RANKS, line);
    this.visitor.ranks(this.count);
  }

  private begin(text: string, line: number): void {
    const [, number] = RANK.exec(text) ?? [];
    if (number === undefined) this.file.fail(`${shown(text)} is outside of a block; write rank 0 { … }`, { line });
    const rank = this.whole("rank", number, 0, this.count! - 1, line);
    if (this.seen.has(rank)) this.file.fail(`rank ${rank} has a block already`, { line });
    this.seen.add(rank);
    this.rank = rank;
    this.labels = new Map();
  }

  private statement(rank: number, text: string, line: number): void {
    const order = REQUIRES.exec(text);
    if (order !== null) {
      const [later, earlier] = [order[1]!, order[3]!].map((label) => this.labelled(label, line));
      this.visitor.requires(rank, later!, earlier!, order[2] === "irequires", line);
      return;
    }
    const [, label, rest] = LABELLED.exec(text) ?? [];
    if (label !== undefined && this.labels.has(label)) this.file.fail(`the label ${label} is there already`, { line });
    const number = this.visitor.operation(rank, this.operation(rank, rest ?? text, line), line);
    if (label !== undefined) this.labels.set(label, number);
  }

  private labelled(label: string, line: number): number {
    const number = this.labels.get(label);
    if (number !== undefined) return number;
    return this.file.fail(`there is no label ${label.slice(0, 60)} before this line in the block of this rank`, {
      line,
    });
  }

  private operation(rank: number, text: string, line: number): GoalOperation {
    const calc = CALC.exec(text);
    if (calc !== null) {
      const amount = this.whole("calc", calc[1]!, 0, Number.MAX_SAFE_INTEGER, line);
      return { kind: "calc", amount, peer: ANY, tag: 0, cpu: this.cpu(calc[2], line), nic: 0 };
    }
    const message = MESSAGE.exec(text);
    if (message === null) this.unknown(text, line);
    const [, kind, bytes, way, peer, tag = "0", cpu, nic = "0"] = message!;
    if ((kind === "send") !== (way === "to")) this.file.fail(`${kind} ${way}; write send … to, recv … from`, { line });
    const isSend = kind === "send";
    const operation: GoalOperation = {
      kind: isSend ? "send" : "recv",
      amount: this.whole("bytes", bytes!, 1, LARGEST_BYTES, line),
      peer: this.whole(isSend ? "to" : "from", peer!, isSend ? 0 : ANY, this.count! - 1, line),
      tag: this.whole("tag", tag, isSend ? 0 : ANY, LARGEST_TAG, line),
      cpu: this.cpu(cpu, line),
      nic: this.whole("nic", nic, 0, 255, line),
    };
    if (operation.peer === rank) this.file.fail("a message from a rank to itself; write a calc for a copy", { line });
    return operation;
  }

  private unknown(text: string, line: number): never {
    if (RANK_START.test(text)) this.file.fail("a block inside a block; close the one before with }", { line });
    const forms = "send 8b to 1 tag 0 cpu 0 nic 0; recv 8b from 0; calc 100; l2 requires l1; l2 irequires l1";
    return this.file.fail(`${shown(text)} is no statement of GOAL; statements are: ${forms}`, { line });
  }

  private cpu(text: string | undefined, line: number): number {
    return text === undefined ? 0 : this.whole("cpu", text, 0, MAX_CPUS - 1, line);
  }

  private whole(what: string, text: string, least: number, most: number, line: number): number {
    const value = Number(text);
    if (value >= least && value <= most) return value;
    return this.file.fail(`${what} is ${text}; write ${least} to ${most}`, { line });
  }
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
