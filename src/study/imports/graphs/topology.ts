/** Graphs as fabrics that are listed link by link. */
import { MAX_PORTS } from "../../../plan/limits.js";
import { type Dimension, formatQuantity, parseQuantity } from "../../../scenario/types/units.js";
import { listOf } from "../../../util/list-of.js";
import type { Imported } from "../common/format.js";
import type { SourceFile } from "../common/source.js";
import { failAt, type Place, type ReadEdge, type ReadGraph, type ReadNode, type Value } from "./graph.js";
import { kindsOf } from "./kinds.js";

/** A section of a link or switch, as users write it. */
type Written = Record<string, unknown>;

/** Attributes that become a field. The rest is told of as not read. */
const NODE_FIELDS = ["latencyNs", "latency", "bufferBytes", "buffer"] as const;
const LINK_FIELDS = [
  ...["rateGbps", "rate", "bandwidth", "capacity", "speed", "latencyNs", "latency", "delay", "lengthM", "length"],
  ...["ber", "frameLossRatio", "optic", "count", "multiplicity"],
] as const;
/** Attributes that say what a node is, or repeat what the graph says. */
const STRUCTURE = new Set(["kind", "type", "role", "rank", "node", "local", "pod", "rail", "level", "shape", "label"]);

/** A listed fabric, and a collective over it so that it runs at once. */
export function fabricOfGraph(file: SourceFile, graph: ReadGraph): Imported {
  const unread = new Set<string>();
  const { hosts, switches, skipped } = kindsOf(file, graph);
  const isKept = new Set([...hosts, ...switches].map(({ id }) => id));
  const links = joined(undirected(file, graph, isKept, skipped).map((edge) => linkOf(file, edge, unread)));
  checkEnds(file, hosts, switches, links);
  const written = {
    kind: "custom",
    hosts: hosts.map(({ id }) => id),
    switches: switches.map((node) => switchOf(file, node, unread)),
    links: links.map(({ link }) => link),
  };
  const notes = [
    ...(skipped.size === 0
      ? []
      : [`${skipped.size} NVSwitches and their links are left out: hosts of a listed fabric are single GPUs`]),
    ...(unread.size === 0 ? [] : [`attributes that are not read: ${listOf([...unread].slice(0, 20))}`]),
    "the workload is an all-reduce of 64 MiB; write your own",
  ];
  const workload = { kind: "collective", collective: "all-reduce", size: "64MiB" };
  return { ranks: hosts.length, sections: { topology: written, workload }, notes };
}

interface PlacedLink {
  readonly link: Written & { readonly a: string; readonly b: string };
  readonly at: Place;
}

/** Edges as links; of a directed graph, an edge and the one back are one link. */
function undirected(
  file: SourceFile,
  { isDirected, edges, nodes }: ReadGraph,
  isKept: ReadonlySet<string>,
  skipped: ReadonlySet<string>,
): readonly ReadEdge[] {
  const known = new Set(nodes.map(({ id }) => id));
  const kept = edges.filter(({ source, target, at }) => {
    for (const end of [source, target]) if (!known.has(end)) failAt(file, `there is no node ${show(end)}`, at);
    if (source === target) failAt(file, `an edge from ${show(source)} to itself`, at);
    if (skipped.has(source) || skipped.has(target)) return false;
    return isKept.has(source) && isKept.has(target);
  });
  if (!isDirected) return kept;
  const waiting = new Map<string, ReadEdge[]>();
  const links: ReadEdge[] = [];
  for (const edge of kept) {
    const back = waiting.get(`${edge.target}\n${edge.source}`);
    const other = back?.pop();
    if (other !== undefined) {
      if (!isAlike(edge, other)) {
        failAt(
          file,
          `${show(edge.source)} - ${show(edge.target)} has other attributes each way; a link has the same`,
          edge.at,
        );
      }
      continue;
    }
    const key = `${edge.source}\n${edge.target}`;
    const list = waiting.get(key);
    if (list === undefined) waiting.set(key, [edge]);
    else list.push(edge);
    links.push(edge);
  }
  const lone = [...waiting.values()].flat();
  // A directed graph whose edges all go one way lists each link once.
  if (lone.length === 0 || lone.length === links.length) return links;
  const { source, target, at } = lone[0]!;
  return failAt(file, `no edge leads back from ${show(target)} to ${show(source)}, as for others`, at);
}

function isAlike(a: ReadEdge, b: ReadEdge): boolean {
  return (
    a.attributes.size === b.attributes.size &&
    [...a.attributes].every(([name, value]) => b.attributes.get(name) === value)
  );
}

/** Equal links that follow each other between the same two devices are one with a count. */
function joined(links: readonly PlacedLink[]): PlacedLink[] {
  const list: PlacedLink[] = [];
  let last = "";
  for (const { link, at } of links) {
    const key = JSON.stringify({ ...link, count: 1 });
    const before = list.at(-1);
    if (before !== undefined && key === last) before.link.count = countOf(before.link) + countOf(link);
    else list.push({ link, at });
    last = key;
  }
  return list;
}

function countOf({ count = 1 }: Written): number {
  return count as number;
}

/** What the scenario's rules say too, with the place in the file. */
function checkEnds(
  file: SourceFile,
  hosts: readonly ReadNode[],
  switches: readonly ReadNode[],
  links: readonly PlacedLink[],
) {
  const isHost = new Set(hosts.map(({ id }) => id));
  const ports = new Map<string, number>();
  for (const { link, at } of links) {
    if (isHost.has(link.a) && isHost.has(link.b)) failAt(file, "a link between two hosts; link each to a switch", at);
    for (const end of [link.a, link.b]) ports.set(end, (ports.get(end) ?? 0) + countOf(link));
  }
  for (const { id, at } of hosts) {
    const count = ports.get(id) ?? 0;
    if (count !== 1)
      failAt(file, `host ${show(id)} has ${count === 0 ? "no link" : `${count} links`}; a host has exactly one`, at);
  }
  for (const { id, at } of switches) {
    const count = ports.get(id) ?? 0;
    if (count > MAX_PORTS) failAt(file, `switch ${show(id)} has ${count} ports; at most ${MAX_PORTS}`, at);
  }
}

function switchOf(file: SourceFile, { id, attributes, at }: ReadNode, unread: Set<string>): unknown {
  const of = new Attributes(file, `switch ${show(id)}`, attributes, at);
  const written: Written = {
    name: id,
    ...of.quantity("latency", "time", "latencyNs", 1000, ["latency"]),
    ...of.quantity("buffer", "size", "bufferBytes", 1, ["buffer"]),
  };
  of.note(NODE_FIELDS, unread);
  return Object.keys(written).length === 1 ? id : written;
}

function linkOf(file: SourceFile, { source, target, attributes, at }: ReadEdge, unread: Set<string>): PlacedLink {
  const of = new Attributes(file, `link ${show(source)} - ${show(target)}`, attributes, at);
  const latency = of.quantity("latency", "time", "latencyNs", 1000, ["latency", "delay"]);
  if (attributes.has("rateBackGbps")) of.fail("rateBackGbps", "a link has the same rate each way; write it as a fault");
  const link: PlacedLink["link"] = {
    a: source,
    b: target,
    ...of.quantity("rate", "rate", "rateGbps", 1e9, ["rate", "bandwidth", "capacity", "speed"]),
    ...latency,
    // What is stated as a latency is all of it.
    ...(Object.keys(latency).length > 0 && { fecLatency: "0ns" }),
    ...of.quantity("length", "length", "lengthM", 1000, ["length"]),
    ...of.number("ber", "ber", 0, 0.5),
    ...of.number("frameLossRatio", "frameLossRatio", 0, 1),
    ...(attributes.has("optic") && { optic: String(attributes.get("optic")) }),
    ...of.count(["count", "multiplicity"]),
  };
  of.note(LINK_FIELDS, unread);
  return { link, at };
}

/** Attributes of one node or edge, read as fields of a scenario. */
class Attributes {
  constructor(
    private readonly file: SourceFile,
    private readonly what: string,
    private readonly map: ReadonlyMap<string, Value>,
    private readonly at: Place,
  ) {}

  fail(name: string, message: string): never {
    return failAt(this.file, `${this.what}: ${name}: ${message}`, this.at);
  }

  /**
   * A number in a stated unit, or a text with a unit.
   * @param perUnit base units of a number
   */
  quantity(field: string, dimension: Dimension, numbered: string, perUnit: number, texts: readonly string[]): Written {
    const names = [numbered, ...texts].filter((name) => this.map.has(name));
    const [name, other] = names;
    if (name === undefined) return {};
    if (other !== undefined) this.fail(other, `${name} says it already; write one of them`);
    const value = this.map.get(name)!;
    if (name === numbered) {
      const number = Number(value);
      const base = Math.round(number * perUnit);
      if (String(value).trim() === "" || !Number.isSafeInteger(base) || base < 0) {
        this.fail(name, `${show(String(value))} is not a number from 0 on`);
      }
      return { [field]: formatQuantity(dimension, base) };
    }
    const text = String(value);
    if (text.trim() !== "" && Number.isFinite(Number(text))) {
      this.fail(name, `${text} has no unit; call it ${numbered}, or write a unit`);
    }
    const parsed = parseQuantity(dimension, text);
    return parsed.ok ? { [field]: text } : this.fail(name, parsed.message);
  }

  number(field: string, name: string, least: number, most: number): Written {
    const value = this.map.get(name);
    if (value === undefined) return {};
    const number = Number(value);
    if (String(value).trim() === "" || !(number >= least && number <= most)) {
      this.fail(name, `${show(String(value))} is not a number from ${least} to ${most}`);
    }
    return number === 0 ? {} : { [field]: number };
  }

  count(names: readonly string[]): Written {
    const name = names.find((each) => this.map.has(each));
    if (name === undefined) return {};
    const count = Number(this.map.get(name));
    if (!Number.isInteger(count) || count < 1 || count > MAX_PORTS)
      this.fail(name, `write a number from 1 to ${MAX_PORTS}`);
    return count === 1 ? {} : { count };
  }

  /** Notes attributes that have become nothing. */
  note(fields: readonly string[], unread: Set<string>): void {
    for (const name of this.map.keys())
      if (!fields.includes(name) && !STRUCTURE.has(name)) unread.add(name.slice(0, 40));
  }
}

function show(name: string): string {
  return JSON.stringify(name.length > 64 ? `${name.slice(0, 64)}…` : name);
}
