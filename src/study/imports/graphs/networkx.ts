import { ScenarioError } from "../../../scenario/types/errors.js";
import { formatPath, type Path } from "../../../util/document-path.js";
import type { SourceFile } from "../common/source.js";
import { MAX_EDGES, MAX_NODES, type Place, type ReadEdge, type ReadGraph, type ReadNode, type Value } from "./graph.js";

const LARGEST_FILE = 2 ** 28;
type Json = Readonly<Record<string, unknown>>;

/** Node-link JSON, as `networkx.node_link_data` makes it; edges are called `edges` or `links`. */
export async function readNetworkX(file: SourceFile): Promise<ReadGraph> {
  const root = parseJson(file, await file.text(LARGEST_FILE));
  const fail = (path: Path, message: string): never => {
    throw new ScenarioError([{ message, path: formatPath(path), file: file.name }]);
  };
  if (!isObject(root)) return fail([], "not an object; write node-link JSON: { nodes: […], edges: […] }");
  if (Object.hasOwn(root, "adjacency")) {
    return fail(["adjacency"], "adjacency JSON is not read; write node-link JSON, networkx.node_link_data");
  }
  const list = (name: string, most: number): readonly unknown[] => {
    const value = root[name];
    if (!Array.isArray(value)) return fail([name], "not a list");
    if (value.length > most) fail([name], `${value.length} entries; at most ${most}`);
    return value;
  };
  const name = (path: Path, value: unknown): string => {
    if (typeof value === "string" && value !== "") return value;
    if (typeof value === "number") return String(value);
    return fail(path, value === undefined ? "missing; write a name or number" : "not a name or number");
  };
  const nodes = list("nodes", MAX_NODES).map((node, i): ReadNode => {
    if (!isObject(node)) return fail(["nodes", i], "not an object");
    return { id: name(["nodes", i, "id"], node.id), attributes: scalars(node, ["id"]), at: placeOf(["nodes", i]) };
  });
  const key = Object.hasOwn(root, "edges") ? "edges" : "links";
  const edges = list(key, MAX_EDGES).map((edge, i): ReadEdge => {
    if (!isObject(edge)) return fail([key, i], "not an object");
    const [source, target] = ["source", "target"].map((end) => name([key, i, end], edge[end]));
    const attributes = scalars(edge, ["source", "target", "key"]);
    return { source: source!, target: target!, attributes, at: placeOf([key, i]) };
  });
  return { isDirected: root.directed === true, nodes, edges };
}

function placeOf(path: Path): Place {
  return { path: formatPath(path) };
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Attributes that are texts, numbers or truths; lists and objects, such as positions, are none. */
function scalars(of: Json, without: readonly string[]): Map<string, Value> {
  const map = new Map<string, Value>();
  for (const [name, value] of Object.entries(of)) {
    if (without.includes(name)) continue;
    if (typeof value === "string" || typeof value === "number") map.set(name, value);
    else if (typeof value === "boolean") map.set(name, String(value));
  }
  return map;
}

/** @throws ScenarioError with line and column */
export function parseJson(file: SourceFile, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const { message } = cause as Error;
    const offset = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
    const before = text.slice(0, offset);
    const line = before.split("\n").length;
    const column = offset - before.lastIndexOf("\n");
    return file.fail(`not JSON: ${message.replace(/ in JSON at position.*| \(line.*/s, "").slice(0, 120)}`, {
      line,
      column,
    });
  }
}
