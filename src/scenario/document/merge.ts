/** Laying a document over another: what presets are applied with. */
import type { DocNode, Entry, MapNode } from "./node.js";

/**
 * `over` where it has something to say, `under` elsewhere. Maps are merged key by key, except where
 * they differ in `kind`: the settings of one kind mean nothing to another. A length of the upper
 * one replaces a latency of the lower one, which would otherwise silently win.
 */
export function mergeOver(over: DocNode, under: DocNode): DocNode {
  if (over.type !== "map" || under.type !== "map" || kindsDiffer(over, under)) return over;
  const known = merged.get(over)?.get(under);
  if (known !== undefined) return known;
  const result = mergedMaps(over, under);
  if (!merged.has(over)) merged.set(over, new WeakMap());
  merged.get(over)!.set(under, result);
  return result;
}

/**
 * Points of a sweep share most of their documents: what was merged once is the same node again, so
 * that nobody checks it again.
 */
const merged = new WeakMap<DocNode, WeakMap<DocNode, DocNode>>();

function mergedMaps(over: MapNode, under: MapNode): MapNode {
  const entries = new Map<string, Entry>(under.entries);
  if (over.entries.has("length") && !over.entries.has("latency")) entries.delete("latency");
  for (const [key, entry] of over.entries) {
    const below = under.entries.get(key);
    entries.set(key, below === undefined ? entry : { ...entry, node: mergeOver(entry.node, below.node) });
  }
  return { ...over, entries };
}

function kindsDiffer(a: MapNode, b: MapNode): boolean {
  const kind = kindOf(a);
  return kind !== undefined && kindOf(b) !== undefined && kind !== kindOf(b);
}

function kindOf(map: MapNode): unknown {
  const kind = map.entries.get("kind")?.node;
  return kind?.type === "scalar" ? kind.value : undefined;
}
