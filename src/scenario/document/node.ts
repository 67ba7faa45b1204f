import type { Path } from "../../util/document-path.js";
import { HeddleError } from "../../util/heddle-error.js";

export type Origin =
  /** `file` where it is another than the document's. */
  | { readonly from: "text"; readonly line: number; readonly column: number; readonly file?: string | undefined }
  | { readonly from: "set"; readonly set: string }
  | { readonly from: "preset"; readonly preset: string }
  | { readonly from: "value" };

export type Scalar = string | number | boolean | null;

export type DocNode = ScalarNode | ListNode | MapNode;

export interface ScalarNode {
  readonly type: "scalar";
  readonly value: Scalar;
  readonly origin: Origin;
}

export interface ListNode {
  readonly type: "list";
  readonly items: readonly DocNode[];
  readonly origin: Origin;
}

export interface MapNode {
  readonly type: "map";
  readonly entries: ReadonlyMap<string, Entry>;
  readonly origin: Origin;
}

export interface Entry {
  readonly keyOrigin: Origin;
  readonly node: DocNode;
}

/** A fault found while reading, with its place. */
export class DocumentError extends HeddleError {
  override readonly name = "DocumentError";
  readonly code = "HEDDLE_DOCUMENT";

  constructor(
    message: string,
    readonly origin: Origin,
    readonly path: Path,
  ) {
    super(message);
  }
}

/** Keys that reach into an object's prototype: never data. */
const FORBIDDEN_KEYS = new Set(["__proto__", "constructor", "prototype"]);

/** Why a key may not be used, or null. */
export function keyFault(key: string): string | null {
  return FORBIDDEN_KEYS.has(key) ? `the key "${key}" is not allowed` : null;
}

/** The data without its origins. */
export function toPlain(node: DocNode): unknown {
  switch (node.type) {
    case "scalar":
      return node.value;
    case "list":
      return node.items.map(toPlain);
    default:
      return Object.fromEntries([...node.entries].map(([key, entry]) => [key, toPlain(entry.node)]));
  }
}

/** The node at a path, or null. */
export function nodeAt(root: DocNode, path: Path): DocNode | null {
  let node: DocNode | undefined = root;
  for (const step of path) {
    node = child(node, step);
    if (node === undefined) return null;
  }
  return node;
}

/** Where the value at a path is, or, where there is none, the nearest that encloses it. */
export function originAt(root: DocNode, path: Path): Origin {
  let node = root;
  for (const step of path) {
    const next = child(node, step);
    if (next === undefined) break;
    node = next;
  }
  return node.origin;
}

/** Where the key at the end of a path is. */
export function keyOriginAt(root: DocNode, path: Path): Origin {
  const parent = nodeAt(root, path.slice(0, -1));
  const entry = parent?.type === "map" ? parent.entries.get(String(path.at(-1))) : undefined;
  return entry?.keyOrigin ?? originAt(root, path);
}

function child(node: DocNode, step: string | number): DocNode | undefined {
  if (node.type === "map") return node.entries.get(String(step))?.node;
  if (node.type === "list" && typeof step === "number") return node.items[step];
  return undefined;
}
