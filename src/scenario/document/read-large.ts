/**
 * Large YAML (and so JSON) texts to a document, in a time and memory in proportion to the text: by
 * a parser that yields events, of which no tree is made but the document itself. It reads what
 * `read-text.ts` reads, but for tags, and tells the first syntax error only.
 */
import {
  EVENT_ID,
  type Event,
  getScalarValue,
  parseEvents,
  SCALAR_STYLE,
  type ScalarEvent,
  YAMLException,
} from "js-yaml";
import { type ScalarTag, Schema } from "yaml";
import type { Path } from "../../util/document-path.js";
import { DEEPEST_NESTING, MAX_COPIES, MAX_NODES, MAX_SEPARATORS, SHORTER } from "./limits.js";
import { type DocNode, DocumentError, type Entry, keyFault, type Origin, type Scalar } from "./node.js";

/** Where a character of the text is. */
export type OriginAt = (offset: number) => Origin;

/**
 * The document of a text, or null where it is empty.
 * @throws DocumentError at the first fault
 */
export function readLarge(text: string, at: OriginAt): DocNode | null {
  if (separatorsIn(text) > MAX_SEPARATORS) {
    throw new DocumentError(`more than ${MAX_NODES} values: ${SHORTER}`, at(0), []);
  }
  return new EventReader(text, eventsOf(text, at), at).read();
}

/** At least as many as the events that the parser makes of it. */
function separatorsIn(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === COMMA || code === COLON || code === NEWLINE) count += 1;
    else if (code === BRACKET || code === BRACE || code === DASH || code === QUESTION_MARK) count += 2;
  }
  return count;
}

const [COMMA, COLON, NEWLINE, BRACKET, BRACE, DASH, QUESTION_MARK] = [...",:\n[{-?"].map((c) => c.charCodeAt(0));

function eventsOf(text: string, at: OriginAt): readonly Event[] {
  try {
    // One more, so that the reader finds the place, and says the same as of small texts.
    return parseEvents(text, { maxDepth: DEEPEST_NESTING + 1 });
  } catch (cause) {
    if (!(cause instanceof YAMLException)) throw cause;
    const origin = at(cause.mark?.position ?? 0);
    const { reason } = cause;
    if (reason.includes("maxDepth")) throw new DocumentError(tooDeep(), origin, []);
    throw new DocumentError(`not valid YAML: ${reason}`, origin, []);
  }
}

/** What an anchor stands for, and the values in it. */
interface Anchored {
  readonly node: DocNode;
  readonly count: number;
}

class EventReader {
  #next = 0;
  /** Last character that was looked at: where a value that is left out would be. */
  #offset = 0;
  #nodes = 0;
  #copies = 0;
  readonly #anchors = new Map<string, Anchored | "open">();

  constructor(
    private readonly text: string,
    private readonly events: readonly Event[],
    private readonly at: OriginAt,
  ) {}

  read(): DocNode | null {
    const [first, content] = this.events;
    if (first === undefined || content === undefined || content.type === EVENT_ID.POP) return null;
    this.#next = 1;
    const root = this.#node([]);
    // Behind it, the end of its document.
    if (this.#next + 1 < this.events.length) {
      const message = "the text holds several documents; write one (no second ---)";
      throw new DocumentError(message, this.at(this.text.indexOf("\n---", this.#offset) + 1), []);
    }
    return root.type === "scalar" && root.value === null ? null : root;
  }

  #node(path: Path): DocNode {
    const event = this.events[this.#next++]!;
    switch (event.type) {
      case EVENT_ID.SCALAR:
        return this.#anchored(event, () => this.#scalar(event, path), path);
      case EVENT_ID.SEQUENCE:
      case EVENT_ID.MAPPING:
        return this.#anchored(event, () => this.#collection(event.type, event.start, path), path);
      case EVENT_ID.ALIAS:
        return this.#alias(this.text.slice(event.anchorStart, event.anchorEnd), this.at(event.anchorStart - 1), path);
      default:
        throw new DocumentError("only maps, lists, text, numbers and booleans are read", this.at(this.#offset), path);
    }
  }

  #anchored(
    { anchorStart, anchorEnd, tagStart }: { anchorStart: number; anchorEnd: number; tagStart: number },
    read: () => DocNode,
    path: Path,
  ): DocNode {
    if (tagStart >= 0) throw new DocumentError("tags are not read in a text so large", this.at(tagStart), path);
    if (anchorStart < 0) return read();
    const name = this.text.slice(anchorStart, anchorEnd);
    const before = this.#nodes + this.#copies;
    this.#anchors.set(name, "open");
    const node = read();
    this.#anchors.set(name, { node, count: this.#nodes + this.#copies - before });
    return node;
  }

  #count(offset: number, path: Path): Origin {
    this.#offset = Math.max(this.#offset, offset);
    const origin = this.at(this.#offset);
    if (++this.#nodes > MAX_NODES) throw new DocumentError(`more than ${MAX_NODES} values`, origin, path);
    if (path.length > DEEPEST_NESTING) throw new DocumentError(tooDeep(), origin, path);
    return origin;
  }

  #scalar(event: ScalarEvent, path: Path): DocNode {
    const origin = this.#count(startOf(event), path);
    return { type: "scalar", value: scalarOf(event, this.text, origin, path), origin };
  }

  #collection(type: number, start: number, path: Path): DocNode {
    const origin = this.#count(start, path);
    if (type === EVENT_ID.MAPPING) return { type: "map", entries: this.#entries(path), origin };
    const items: DocNode[] = [];
    while (!this.#ends()) items.push(this.#node([...path, items.length]));
    return { type: "list", items, origin };
  }

  /** Whether the collection ends here; its end is passed. */
  #ends(): boolean {
    if (this.events[this.#next]!.type !== EVENT_ID.POP) return false;
    this.#next++;
    return true;
  }

  #entries(path: Path): Map<string, Entry> {
    const entries = new Map<string, Entry>();
    while (!this.#ends()) {
      const event = this.events[this.#next++]!;
      if (event.type !== EVENT_ID.SCALAR) {
        throw new DocumentError("a key must be plain text", this.at(this.#offset), path);
      }
      this.#offset = Math.max(this.#offset, startOf(event));
      const keyOrigin = this.at(this.#offset);
      const key = scalarOf(event, this.text, keyOrigin, path);
      if (typeof key !== "string" && typeof key !== "number") {
        throw new DocumentError("a key must be plain text", keyOrigin, path);
      }
      const name = String(key);
      const fault = entries.has(name) ? `the key "${name}" is given twice` : keyFault(name);
      if (fault !== null) throw new DocumentError(fault, keyOrigin, path);
      entries.set(name, { keyOrigin, node: this.#node([...path, name]) });
    }
    return entries;
  }

  #alias(name: string, origin: Origin, path: Path): DocNode {
    const target = this.#anchors.get(name);
    if (target === undefined) throw new DocumentError(`there is no anchor &${name} before this alias`, origin, path);
    if (target === "open") throw new DocumentError(`the alias *${name} contains itself`, origin, path);
    this.#copies += target.count;
    if (this.#copies > MAX_COPIES) throw new DocumentError(`aliases of more than ${MAX_COPIES} values`, origin, path);
    return target.node;
  }
}

/** First character of a scalar, its quote included; -1 where there is none. */
function startOf({ valueStart, style }: ScalarEvent): number {
  const isQuoted = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED;
  return isQuoted ? valueStart - 1 : valueStart;
}

/** What plain text may be beside text; the same rules as for small texts. */
const PLAIN_TAGS = new Schema({ schema: "core" }).tags.filter(
  (tag): tag is ScalarTag & { test: RegExp } => "test" in tag && tag.test instanceof RegExp,
);

/** All that these begin with. */
const MAY_BE_VALUE = /^(?:$|[-+.~0-9nNtTfF])/;

function scalarOf(event: ScalarEvent, text: string, origin: Origin, path: Path): Scalar {
  const source = getScalarValue(text, event);
  if (event.style !== SCALAR_STYLE.PLAIN || !MAY_BE_VALUE.test(source)) return source;
  const tag = PLAIN_TAGS.find(({ test }) => test.test(source));
  if (tag === undefined) return source;
  const value = tag.resolve(source, () => {}, {}) as Scalar | { readonly value: Scalar };
  const plain = value !== null && typeof value === "object" ? value.value : value;
  if (typeof plain === "number" && !Number.isFinite(plain)) {
    throw new DocumentError("not a finite number; write one that is", origin, path);
  }
  return plain;
}

function tooDeep(): string {
  return `nested deeper than ${DEEPEST_NESTING} levels`;
}
