/** Large JSON text, by JavaScript's own reader: ten times as fast, but it tells no places. */
import { LateOrigin } from "./late-origin.js";
import { DEEPEST_NESTING, MAX_NODES } from "./limits.js";
import { type DocNode, type Entry, keyFault, keyOriginAt, type Origin, originAt, type Scalar } from "./node.js";

/** A text in quotes, and a colon where it is a key. */
const TEXT = /"(?:[^"\\]|\\.)*"(\s*:)?/g;
/** JavaScript puts such keys in front of the others. */
const INDEX = /^\d+$/;

/**
 * The document, or null where the text is no JSON, or is odd: then it is for the YAML reader to say
 * what is wrong with it.
 * @param slowly reads the same text with all places; called when one is asked for
 */
export function readJson(text: string, slowly: () => DocNode | null): DocNode | null {
  if (!/^[ \r\n]*\{/.test(text)) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const reader = new JsonReader(slowly);
  const root = reader.read(value, -1, "", 0);
  return root !== null && reader.keys === countKeys(text) ? root : null;
}

/** A repeated key is lost on the way: there are fewer in the value than in the text. */
function countKeys(text: string): number {
  let count = 0;
  for (const [, colon] of text.matchAll(TEXT)) if (colon !== undefined) count++;
  return count;
}

/** Numbers the nodes, and keeps of each how it hangs on the one above. */
class JsonReader {
  keys = 0;
  readonly #above: number[] = [];
  readonly #steps: (string | number)[] = [];
  #places: DocNode | null | undefined;

  constructor(private readonly slowly: () => DocNode | null) {}

  read(value: unknown, above: number, step: string | number, depth: number): DocNode | null {
    const number = this.#above.length;
    if (number >= MAX_NODES || depth > DEEPEST_NESTING) return null;
    this.#above.push(above);
    this.#steps.push(step);
    const origin = new LateOrigin(number, this.#originOf);
    if (Array.isArray(value)) {
      const items: DocNode[] = [];
      for (let i = 0; i < value.length; i++) {
        const item = this.read(value[i], number, i, depth + 1);
        if (item === null) return null;
        items.push(item);
      }
      return { type: "list", items, origin };
    }
    if (typeof value === "object" && value !== null) return this.#map(value, number, origin, depth);
    if (typeof value === "number" && !Number.isFinite(value)) return null;
    return { type: "scalar", value: value as Scalar, origin };
  }

  #map(value: object, number: number, origin: Origin, depth: number): DocNode | null {
    const entries = new Map<string, Entry>();
    for (const [key, item] of Object.entries(value)) {
      this.keys++;
      if (keyFault(key) !== null || INDEX.test(key)) return null;
      const place = this.#above.length;
      const node = this.read(item, number, key, depth + 1);
      if (node === null) return null;
      entries.set(key, { keyOrigin: new LateOrigin(place, this.#keyOriginOf), node });
    }
    return { type: "map", entries, origin };
  }

  #pathOf(number: number): (string | number)[] {
    const path: (string | number)[] = [];
    for (let at = number; this.#above[at]! >= 0; at = this.#above[at]!) path.unshift(this.#steps[at]!);
    return path;
  }

  /** The same document with places. It is there: what is JSON is YAML. */
  get #placed(): DocNode {
    this.#places ??= this.slowly();
    if (this.#places === null) throw new Error("a JSON text is no YAML");
    return this.#places;
  }

  readonly #originOf = (number: number): Origin => originAt(this.#placed, this.#pathOf(number));
  readonly #keyOriginOf = (number: number): Origin => keyOriginAt(this.#placed, this.#pathOf(number));
}
