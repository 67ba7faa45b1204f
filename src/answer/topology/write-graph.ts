/** A fabric's graph as GraphML, DOT and the node-link JSON of NetworkX. */
import { escapeXml } from "../text/xml.js";
import type { Attributes, FabricGraph } from "./graph.js";

/** GraphML 1.0: every attribute has a key of its type, for nodes and for edges. */
export function* writeGraphMl({ name, nodes, edges }: FabricGraph): Generator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n';
  const keys = {
    node: keysOf(
      "node",
      "n",
      nodes.map(({ attributes }) => attributes),
    ),
    edge: keysOf(
      "edge",
      "e",
      edges.map(({ attributes }) => attributes),
    ),
  };
  yield* keys.node.declarations;
  yield* keys.edge.declarations;
  yield `  <graph id="${escapeXml(name)}" edgedefault="undirected">\n`;
  for (const { id, attributes } of nodes) {
    yield `    <node id="${escapeXml(id)}">${dataOf(attributes, keys.node.ids)}</node>\n`;
  }
  for (const [number, { source, target, attributes }] of edges.entries()) {
    const ends = `source="${escapeXml(source)}" target="${escapeXml(target)}"`;
    yield `    <edge id="e${number}" ${ends}>${dataOf(attributes, keys.edge.ids)}</edge>\n`;
  }
  yield "  </graph>\n</graphml>\n";
}

function keysOf(domain: "node" | "edge", prefix: string, all: readonly Attributes[]) {
  const ids = new Map<string, string>();
  const declarations: string[] = [];
  const types = new Map<string, string>();
  for (const attributes of all) {
    for (const [name, value] of Object.entries(attributes)) {
      const type = typeof value === "string" ? "string" : Number.isInteger(value) ? "long" : "double";
      if (!types.has(name) || type === "double") types.set(name, type);
    }
  }
  for (const [name, type] of types) {
    const id = `${prefix}${ids.size}`;
    ids.set(name, id);
    declarations.push(`  <key id="${id}" for="${domain}" attr.name="${name}" attr.type="${type}"/>\n`);
  }
  return { ids, declarations };
}

function dataOf(attributes: Attributes, ids: ReadonlyMap<string, string>): string {
  return Object.entries(attributes)
    .map(([name, value]) => `<data key="${ids.get(name)}">${escapeXml(String(value))}</data>`)
    .join("");
}

/** Graphviz: an undirected graph, GPUs as boxes. */
export function* writeDot({ name, nodes, edges }: FabricGraph): Generator<string> {
  yield `graph ${quoted(name)} {\n  rankdir=BT;\n  node [shape=ellipse];\n`;
  for (const { id, attributes } of nodes) {
    const shape = attributes.kind === "gpu" ? { shape: "box" } : {};
    yield `  ${quoted(id)} [${list({ ...shape, ...attributes })}];\n`;
  }
  for (const { source, target, attributes } of edges) {
    yield `  ${quoted(source)} -- ${quoted(target)} [${list(attributes)}];\n`;
  }
  yield "}\n";
}

function list(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}=${typeof value === "number" ? value : quoted(value)}`)
    .join(", ");
}

function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** What `networkx.node_link_graph` reads: an undirected multigraph. */
export function* writeNodeLink({ name, nodes, edges }: FabricGraph): Generator<string> {
  const head = { directed: false, multigraph: true, graph: { name } };
  yield `${JSON.stringify(head).slice(0, -1)},\n"nodes":[\n`;
  yield* rows(nodes.map(({ id, attributes }) => ({ id, ...attributes })));
  yield '],\n"edges":[\n';
  yield* rows(edges.map(({ source, target, key, attributes }) => ({ source, target, key, ...attributes })));
  yield "]}\n";
}

function* rows(values: readonly unknown[]): Generator<string> {
  for (const [i, value] of values.entries()) yield `${JSON.stringify(value)}${i < values.length - 1 ? "," : ""}\n`;
}
