/** Plain data (parsed JSON, object literals) to a document. */
import type { Path } from "../../util/document-path.js";
import { DEEPEST_NESTING, MAX_NODES } from "./limits.js";
import { type DocNode, DocumentError, type Entry, keyFault, type Origin } from "./node.js";

/**
 * Copies plain data. Keys whose value is `undefined` are left out.
 * @throws DocumentError where the data is not plain, or too large.
 */
export function readValue(value: unknown, origin: Origin): DocNode {
  let nodes = 0;
  const read = (item: unknown, path: Path): DocNode => {
    const fault = (message: string) => new DocumentError(message, origin, path);
    if (++nodes > MAX_NODES) throw fault(`more than ${MAX_NODES} values`);
    if (path.length > DEEPEST_NESTING) throw fault(`nested deeper than ${DEEPEST_NESTING} levels`);
    if (typeof item === "number" && !Number.isFinite(item)) {
      throw fault("not a finite number; write one that is");
    }
    if (item === null || typeof item === "string" || typeof item === "number" || typeof item === "boolean") {
      return { type: "scalar", value: item, origin };
    }
    if (Array.isArray(item)) {
      if (item.length > MAX_NODES) throw fault(`more than ${MAX_NODES} values`);
      return { type: "list", items: Array.from(item, (entry, i) => read(entry, [...path, i])), origin };
    }
    if (!isPlainObject(item)) throw fault("only plain objects, lists, text, numbers and booleans are read");
    const entries = new Map<string, Entry>();
    for (const key of Object.keys(item)) {
      const wrong = keyFault(key);
      if (wrong !== null) throw fault(wrong);
      const node = item[key];
      if (node !== undefined) entries.set(key, { keyOrigin: origin, node: read(node, [...path, key]) });
    }
    return { type: "map", entries, origin };
  };
  try {
    return read(value, []);
  } catch (cause) {
    if (cause instanceof DocumentError) throw cause;
    // A getter or a proxy of the caller's.
    throw new DocumentError("reading the value failed: one of its properties throws", origin, []);
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  // Objects of another realm have another Object.prototype; theirs has no prototype either.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
