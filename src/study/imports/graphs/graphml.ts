import type { Position, SourceFile } from "../common/source.js";
import { readXml, type XmlElement } from "../common/xml.js";
import { MAX_EDGES, MAX_NODES, type ReadEdge, type ReadGraph, type ReadNode, type Value } from "./graph.js";

/** Elements that are skipped with what is in them. */
const IGNORED = new Set(["desc", "default"]);
const REFUSED = new Set(["hyperedge", "port", "endpoint", "locator"]);

const LARGEST_FILE = 2 ** 28;

interface Key {
  readonly name: string;
  readonly isNumber: boolean;
}

/** GraphML 1.0: one graph without hyperedges, ports and graphs inside of nodes. */
export async function readGraphMl(file: SourceFile): Promise<ReadGraph> {
  const keys = new Map<string, Key>();
  const nodes: ReadNode[] = [];
  const edges: ReadEdge[] = [];
  let graphs = 0;
  let isDirected = false;
  let owner: Map<string, Value> | undefined;

  function open(element: XmlElement): void {
    const { attributes } = element;
    const name = localName(element);
    const at: Position = element;
    if (REFUSED.has(name)) file.fail(`<${name}> is not read; write nodes and edges`, at);
    if (name === "key") {
      const type = attributes["attr.type"] ?? "string";
      const isNumber = ["int", "long", "float", "double"].includes(type);
      keys.set(element.needed("id"), { name: attributes["attr.name"] ?? element.needed("id"), isNumber });
    } else if (name === "graph") {
      if (++graphs > 1) file.fail("a second <graph>; a fabric is one graph without others in it", at);
      isDirected = attributes.edgedefault === "directed";
    } else if (name === "node") {
      if (nodes.length === MAX_NODES) file.fail(`there are more than ${MAX_NODES} nodes`, at);
      owner = new Map();
      nodes.push({ id: element.needed("id"), attributes: owner, at });
    } else if (name === "edge") {
      if (edges.length === MAX_EDGES) file.fail(`there are more than ${MAX_EDGES} edges`, at);
      if (attributes.directed !== undefined && (attributes.directed === "true") !== isDirected) {
        file.fail("an edge of another direction than the graph's edgedefault; write all edges alike", at);
      }
      owner = new Map();
      const [source, target] = [element.needed("source"), element.needed("target")];
      edges.push({ source, target, attributes: owner, at });
    }
  }

  function close(element: XmlElement, _parents: readonly XmlElement[], content: string): void {
    const { attributes } = element;
    const name = localName(element);
    const at: Position = element;
    if (name === "node" || name === "edge") owner = undefined;
    if (name !== "data" || owner === undefined || IGNORED.has(name)) return;
    const key = keys.get(attributes.key ?? "") ?? file.fail("<data> of a key that is not declared", at);
    const number = Number(content);
    if (key.isNumber && (content === "" || !Number.isFinite(number))) {
      file.fail(`${key.name} is ${JSON.stringify(content.slice(0, 40))}; its key says that it is a number`, at);
    }
    owner.set(key.name, key.isNumber ? number : content);
  }

  await readXml(file, LARGEST_FILE, { open, close, hasText: true });
  if (graphs === 0) file.fail("there is no <graph>");
  return { isDirected, nodes, edges };
}

/** Without the prefix of a namespace. */
function localName({ name }: XmlElement): string {
  return name.slice(name.indexOf(":") + 1);
}
