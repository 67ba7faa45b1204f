/** Connection matrices of htsim (`.cm`): lines of words. */
import type { SourceFile } from "../common/source.js";

export interface Connection {
  readonly line: number;
  readonly src: number;
  readonly dst: number;
  readonly bytes: number;
  /** As it is written; the binary says what 1 is. Undefined where a trigger starts it. */
  readonly start: number | undefined;
  /** Numbers of triggers: what starts it, and what its ends activate. */
  readonly trigger: number | undefined;
  readonly sendDone: number | undefined;
  readonly recvDone: number | undefined;
}

export interface Trigger {
  readonly line: number;
  readonly kind: "oneshot" | "multishot" | "barrier";
  /** Activations of a barrier. */
  readonly count: number;
}

export interface ConnectionMatrix {
  readonly nodes: number;
  readonly connections: readonly Connection[];
  readonly triggers: ReadonlyMap<number, Trigger>;
  /** Words that were read and have no meaning here. */
  readonly unread: ReadonlySet<string>;
}

const LARGEST_FILE = 2 ** 29;
const MAX_CONNECTIONS = 2 ** 20;
const MAX_NODES = 2 ** 19;
/** Words with a value in a line of a connection. */
const WORDS = ["id", "msg", "start", "trigger", "size", "send_done_trigger", "recv_done_trigger", "prio"] as const;
type Word = (typeof WORDS)[number];

/** @throws ScenarioError with the line of the first fault */
export async function parseMatrix(file: SourceFile): Promise<ConnectionMatrix> {
  const parser = new Parser(file);
  await file.lines(LARGEST_FILE, (text, line) => parser.line(text, line));
  return parser.end();
}

class Parser {
  private readonly stated = new Map<string, { readonly count: number; readonly line: number }>();
  private readonly connections: Connection[] = [];
  private readonly triggers = new Map<number, Trigger>();
  private readonly ids = new Map<number, number>();
  private readonly unread = new Set<string>();

  constructor(private readonly file: SourceFile) {}

  line(text: string, line: number): void {
    const content = text.trim();
    if (content === "" || content.startsWith("#")) return;
    const words = content.split(/\s+/);
    const [first, second] = words as [string, string | undefined];
    if (["Nodes", "Connections", "Triggers", "Failures"].includes(first)) {
      if (words.length !== 2) this.fail(`write ${first} and a number`, line);
      if (this.stated.has(first)) this.fail(`${first} stands here a second time`, line);
      this.stated.set(first, { count: this.number(first, second, line), line });
      return;
    }
    if (first === "trigger") {
      this.trigger(words, line);
      return;
    }
    if (first === "failure") {
      this.fail("failures are not read: write them as faults of the scenario, with the names of its links", line);
    }
    const ends = /^(\d{1,9})->(\d{1,9})$/.exec(first);
    if (ends === null) {
      this.fail(`${JSON.stringify(first.slice(0, 40))} is no connection (0->1), trigger, or number of things`, line);
    }
    this.connection(Number(ends[1]), Number(ends[2]), words, line);
  }

  end(): ConnectionMatrix {
    const nodes = this.stated.get("Nodes");
    if (nodes === undefined) this.file.fail("there is no line Nodes with the number of hosts");
    if (nodes.count < 1 || nodes.count > MAX_NODES) this.fail(`Nodes is from 1 to ${MAX_NODES}`, nodes.line);
    this.checkCount("Connections", this.connections.length);
    this.checkCount("Triggers", this.triggers.size);
    if ((this.stated.get("Failures")?.count ?? 0) > 0) {
      this.fail("failures are not read: write them as faults of the scenario", this.stated.get("Failures")!.line);
    }
    for (const { src, dst, line } of this.connections) {
      for (const end of [src, dst])
        if (end >= nodes.count) this.fail(`there is no node ${end}; Nodes is ${nodes.count}`, line);
    }
    const { connections, triggers, unread } = this;
    if (connections.length === 0) this.file.fail("there are no connections");
    return { nodes: nodes.count, connections, triggers, unread };
  }

  private checkCount(what: string, found: number): void {
    const stated = this.stated.get(what);
    if (stated === undefined) {
      if (what === "Connections") this.file.fail("there is no line Connections with their number");
      if (found === 0) return;
      this.file.fail(`there is no line ${what} with their number; there are ${found}`);
    }
    if (stated.count !== found) {
      this.fail(
        `${what} says ${stated.count}, and there are ${found}: the file is cut, or the number is wrong`,
        stated.line,
      );
    }
  }

  private connection(src: number, dst: number, words: readonly string[], line: number): void {
    if (this.connections.length === MAX_CONNECTIONS)
      this.fail(`there are more than ${MAX_CONNECTIONS} connections`, line);
    if (src === dst) this.fail("a connection from a node to itself", line);
    const values: Partial<Record<Word, string>> = {};
    for (let i = 1; i < words.length; i += 2) {
      const word = words[i] as Word;
      if (word === ("addon" as string)) {
        this.unread.add("addon");
        i -= 1;
        continue;
      }
      if (!WORDS.includes(word))
        this.fail(`${JSON.stringify(word.slice(0, 40))} is not known; there are ${WORDS.join(", ")}`, line);
      if (values[word] !== undefined) this.fail(`${word} stands here twice`, line);
      values[word] = words[i + 1] ?? this.fail(`${word} has no value`, line);
    }
    const optional = (word: Word) => (values[word] === undefined ? undefined : this.number(word, values[word], line));
    const id = optional("id");
    if (id !== undefined) {
      if (this.ids.has(id)) this.fail(`the id ${id} is that of the connection in line ${this.ids.get(id)}, too`, line);
      this.ids.set(id, line);
    }
    const bytes = optional("size") ?? this.fail("size is missing; a flow without an end is not read", line);
    if (bytes === 0) this.fail("size 0 is a flow without an end; write a size from 1", line);
    const trigger = optional("trigger");
    const start = values.start === undefined ? undefined : this.time(values.start, line);
    if ((trigger === undefined) === (start === undefined)) this.fail("write one of start and trigger", line);
    for (const word of ["msg", "prio"] as const) if (optional(word) !== undefined) this.unread.add(word);
    const [sendDone, recvDone] = [optional("send_done_trigger"), optional("recv_done_trigger")];
    this.connections.push({ line, src, dst, bytes, start, trigger, sendDone, recvDone });
  }

  private trigger(words: readonly string[], line: number): void {
    const [, id, number, kind, count, activations, ...rest] = words;
    if (id !== "id") this.fail("write trigger id, a number, and oneshot, multishot or barrier count n", line);
    const key = this.number("id", number, line);
    if (this.triggers.has(key)) this.fail(`trigger ${key} is that of line ${this.triggers.get(key)!.line}, too`, line);
    if (kind === "barrier") {
      if (count !== "count" || rest.length > 0) this.fail("write trigger id n barrier count m", line);
      this.triggers.set(key, { line, kind, count: this.number("count", activations, line) });
    } else if ((kind === "oneshot" || kind === "multishot") && count === undefined) {
      this.triggers.set(key, { line, kind, count: 1 });
    } else {
      this.fail("write trigger id n, and oneshot, multishot or barrier count m", line);
    }
  }

  private number(word: string, text: string | undefined, line: number): number {
    const value = text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(value)) return value;
    return this.fail(`${word} is ${JSON.stringify((text ?? "").slice(0, 40))}; write a whole number from 0 on`, line);
  }

  private time(text: string, line: number): number {
    if (/^\d{1,16}(?:\.\d{1,12})?$/.test(text)) return Number(text);
    return this.fail(`start is ${JSON.stringify(text.slice(0, 40))}; write a number from 0 on`, line);
  }

  private fail(message: string, line: number): never {
    return this.file.fail(message, { line });
  }
}
