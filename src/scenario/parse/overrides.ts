/** `--set path=value`: changes to a document before it is validated. */
import { formatPath, type Path } from "../../util/document-path.js";
import { IssueList } from "../document/issues.js";
import { DEEPEST_NESTING } from "../document/limits.js";
import { type DocNode, DocumentError, type Entry, keyFault, type Origin } from "../document/node.js";
import { readDocument } from "../document/read-text.js";

/** Most digits of a list index. */
const INDEX = /^\d{1,6}$/;

/**
 * Applies overrides in order. A path names keys and list indices, `links.fabric.rate`,
 * `faults[0].ber`; maps on the way that do not exist are made, an index may be the first after the
 * end of a list. The value is YAML. Faults go to `issues`.
 */
export function applyOverrides(root: DocNode, overrides: readonly string[], issues: IssueList): DocNode {
  let result = root;
  for (const set of overrides) {
    const origin: Origin = { from: "set", set };
    try {
      const equals = set.indexOf("=");
      const path = equals < 0 ? null : parseOverridePath(set.slice(0, equals));
      if (path === null) {
        issues.add("write path=value, e.g. links.fabric.rate=400Gbps or faults[0].ber=1e-5", [], origin);
        continue;
      }
      const value = readOverrideValue(set.slice(equals + 1), origin);
      const list = longerList(result, path);
      result = replace(result, path, 0, value, origin);
      if (list !== null) issues.addBesides(list.entry, ` (${list.text})`);
    } catch (cause) {
      if (!(cause instanceof DocumentError)) throw cause;
      issues.add(cause.message, cause.path, origin);
    }
  }
  return result;
}

/**
 * The list that a path goes beyond, whose next entry it begins: a slip where entries were counted
 * from 1. Null where there is none.
 */
function longerList(root: DocNode, path: Path): { readonly entry: Path; readonly text: string } | null {
  let node: DocNode | undefined = root;
  for (const [depth, step] of path.slice(0, -1).entries()) {
    if (node?.type === "list" && typeof step === "number") {
      const length: number = node.items.length;
      const name = formatPath(path.slice(0, depth));
      const last = length === 1 ? `1 entry, ${name}[0]` : `${length} entries, the last one ${name}[${length - 1}]`;
      if (step === length && length > 0) {
        return { entry: path.slice(0, depth + 1), text: `${name} has ${last}; this begins another one` };
      }
      node = node.items[step];
    } else node = node?.type === "map" ? node.entries.get(String(step))?.node : undefined;
  }
  return null;
}

/** Keys and indices of an override's path, or null where it is not one. */
export function parseOverridePath(text: string): Path | null {
  const trimmed = text.trim();
  if (!/^[^.[\]]+(\.[^.[\]]+|\[\d{1,6}\])*$/.test(trimmed)) return null;
  const path = [...trimmed.matchAll(/[^.[\]]+/g)].map(([step]) => (INDEX.test(step) ? Number(step) : step));
  return path.length <= DEEPEST_NESTING ? path : null;
}

function readOverrideValue(text: string, origin: Origin): DocNode {
  const issues = new IssueList(undefined);
  const node = readDocument(text, () => origin, issues);
  const fault = issues.list()[0];
  if (fault !== undefined) throw new DocumentError(fault.message, origin, []);
  return node ?? { type: "scalar", value: null, origin };
}

/**
 * The document with a value at a path, made like an override of it.
 * @throws DocumentError where the path leads nowhere
 */
export function withValue(root: DocNode, path: Path, value: DocNode): DocNode {
  return replace(root, path, 0, value, value.origin);
}

function replace(node: DocNode | undefined, path: Path, depth: number, value: DocNode, origin: Origin): DocNode {
  if (depth === path.length) return value;
  const step = path[depth]!;
  if (typeof step === "number" && node?.type === "list") {
    if (step > node.items.length) {
      const most = `the list has ${node.items.length} entries`;
      throw new DocumentError(`${most}; the index may be 0 to ${node.items.length}`, origin, path.slice(0, depth));
    }
    const items = [...node.items];
    items[step] = replace(items[step], path, depth + 1, value, origin);
    return { ...node, items };
  }
  if (node?.type === "list") {
    throw new DocumentError("this is a list; name an entry by its index, e.g. [0]", origin, path.slice(0, depth));
  }
  const key = String(step);
  const fault = keyFault(key);
  if (fault !== null) throw new DocumentError(fault, origin, path.slice(0, depth));
  const entries = new Map<string, Entry>(node?.type === "map" ? node.entries : []);
  const before = entries.get(key);
  const changed = replace(before?.node, path, depth + 1, value, origin);
  entries.set(key, { keyOrigin: before?.keyOrigin ?? origin, node: changed });
  return { type: "map", entries, origin: node?.type === "map" ? node.origin : origin };
}
