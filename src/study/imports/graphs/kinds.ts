/** Which nodes of a graph are hosts, and which are switches. */
import type { SourceFile } from "../common/source.js";
import { failAt, type ReadGraph, type ReadNode } from "./graph.js";

const HOSTS = new Set(["gpu", "host", "server", "node", "nic", "endpoint", "npu"]);
const SWITCHES = new Set(["switch", "leaf", "spine", "tor", "router", "aggregation", "agg", "core", "superspine"]);

export interface NodeKinds {
  /** In the order of ranks. */
  readonly hosts: readonly ReadNode[];
  readonly switches: readonly ReadNode[];
  /** Ids of the switches of scale-up networks. */
  readonly skipped: ReadonlySet<string>;
}

/**
 * By their attribute `kind`, `type` or `role`; where no node has one, nodes with one link are
 * hosts.
 * @throws ScenarioError where a node has no kind and others do, or two have one id
 */
export function kindsOf(file: SourceFile, { nodes, edges }: ReadGraph): NodeKinds {
  const seen = new Set<string>();
  for (const { id, at } of nodes) {
    if (seen.has(id)) failAt(file, `two nodes are called ${JSON.stringify(id.slice(0, 64))}; names must differ`, at);
    if (id === "" || id.length > 64) failAt(file, "a node's name has from 1 to 64 characters", at);
    seen.add(id);
  }
  const skipped = new Set<string>();
  const hosts: ReadNode[] = [];
  const switches: ReadNode[] = [];
  const links = new Map<string, number>();
  for (const { source, target } of edges) {
    for (const end of new Set([source, target])) links.set(end, (links.get(end) ?? 0) + 1);
  }
  const hasKinds = nodes.some((node) => kindOf(node) !== undefined);
  for (const node of nodes) {
    const kind = hasKinds ? kindOf(node) : (links.get(node.id) ?? 0) <= 1 ? "host" : "switch";
    if (kind === "nvswitch") skipped.add(node.id);
    else if (kind === "host") hosts.push(node);
    else if (kind === "switch") switches.push(node);
    else {
      const shown = JSON.stringify(node.id.slice(0, 64));
      failAt(file, `node ${shown} has no kind, as others have; write kind: gpu or kind: switch`, node.at);
    }
  }
  if (hosts.length < 2) file.fail("a fabric needs at least 2 hosts; give nodes a kind: gpu or switch");
  if (switches.length === 0) file.fail("a fabric needs a switch; give nodes a kind: gpu or switch");
  return { hosts: inOrder(file, hosts), switches, skipped };
}

function kindOf({ attributes }: ReadNode): "host" | "switch" | "nvswitch" | undefined {
  if (attributes.get("level") === "nvswitch") return "nvswitch";
  for (const name of ["kind", "type", "role"]) {
    const value = String(attributes.get(name) ?? "").toLowerCase();
    if (HOSTS.has(value)) return "host";
    if (SWITCHES.has(value)) return "switch";
    if (value === "nvswitch") return "nvswitch";
  }
  return undefined;
}

/** By their attribute `rank`, where all have one; else as the file lists them. */
function inOrder(file: SourceFile, hosts: readonly ReadNode[]): readonly ReadNode[] {
  const ranked = hosts.filter(({ attributes }) => attributes.has("rank"));
  if (ranked.length === 0) return hosts;
  const byRank = new Map<number, ReadNode>();
  for (const node of hosts) {
    const rank = Number(node.attributes.get("rank") ?? Number.NaN);
    if (!Number.isInteger(rank) || rank < 0 || rank >= hosts.length || byRank.has(rank)) {
      const range = `from 0 to ${hosts.length - 1}`;
      failAt(
        file,
        `the ranks of hosts are the numbers ${range}, each once; this one has ${node.attributes.get("rank")}`,
        node.at,
      );
    }
    byRank.set(rank, node);
  }
  return hosts.map((_, rank) => byRank.get(rank)!);
}
