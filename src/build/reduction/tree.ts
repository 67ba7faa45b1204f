/**
 * The tree of switches over which an operation is reduced. Its root is as near as can be to the
 * member that is farthest from it; every switch with members joins it by a shortest path. Where
 * there is a choice, the operation's number decides, so that operations spread over roots and
 * links.
 */
import type { SwitchPorts } from "./switch-ports.js";

/** A place where a member's NIC is linked to a switch. */
export interface Attachment {
  readonly sw: number;
  readonly port: number;
}

export interface TreeNode {
  readonly sw: number;
  /** Index among the nodes of the tree, or -1 at the root. */
  readonly parent: number;
  readonly parentPort: number;
  /** In order of ports. Either a node of the tree or a member, by index; the other one is -1. */
  readonly children: { readonly port: number; readonly node: number; readonly member: number }[];
}

/**
 * Nodes of the tree of operation `choice`, each after its parent; undefined where no switch is
 * connected to all members.
 */
export function reductionTree(
  ports: SwitchPorts,
  members: readonly Attachment[],
  choice: number,
): TreeNode[] | undefined {
  const edges = [...new Set(members.map(({ sw }) => sw))];
  if (edges.length === 1) return [{ sw: edges[0]!, parent: -1, parentPort: 0, children: childrenOf(members) }];
  const depth = findRoot(ports, edges, choice);
  if (depth === undefined) return undefined;
  const indexOf = new Map<number, number>();
  const nodes: TreeNode[] = [];
  for (const up of upwardPorts(ports, edges, depth, choice)) {
    const parent = up.parent < 0 ? -1 : indexOf.get(up.parent)!;
    const index = nodes.length;
    indexOf.set(up.sw, index);
    nodes.push({ sw: up.sw, parent, parentPort: up.port, children: [] });
    if (parent >= 0) {
      nodes[parent]!.children.push({ port: ports.peer[up.sw]![up.port]!, node: index, member: -1 });
    }
  }
  childrenOf(members).forEach((child) => {
    nodes[indexOf.get(members[child.member]!.sw)!]!.children.push(child);
  });
  for (const { children } of nodes) children.sort((a, b) => a.port - b.port);
  return nodes;
}

/** Members as children of the switches that they are linked to, in order of ports. */
function childrenOf(members: readonly Attachment[]): TreeNode["children"] {
  return members.map(({ port }, member) => ({ port, node: -1, member })).sort((a, b) => a.port - b.port);
}

/** By switch: links to the root of the tree; undefined where there is none. */
function findRoot(ports: SwitchPorts, edges: readonly number[], choice: number): Int32Array | undefined {
  const fromFirst = depths(ports, edges[0]!);
  const farthest = edges.reduce((far, sw) => (fromFirst[sw]! > fromFirst[far]! ? sw : far));
  if (edges.some((sw) => fromFirst[sw]! < 0)) return undefined;
  const fromFarthest = depths(ports, farthest);
  const diameter = fromFirst[farthest]!;
  const half = Math.ceil(diameter / 2);
  // No switch is nearer to both than half of their distance.
  const middles = [...fromFirst.keys()].filter(
    (sw) => fromFirst[sw]! >= 0 && Math.max(fromFirst[sw]!, fromFarthest[sw]!) === half,
  );
  let best: { height: number; depth: Int32Array } | undefined;
  for (let i = 0; i < Math.min(middles.length, MAX_TRIES); i++) {
    const depth = depths(ports, middles[(choice + i) % middles.length]!);
    const height = Math.max(...edges.map((sw) => depth[sw]!));
    if (best === undefined || height < best.height) best = { height, depth };
    if (height === half) break;
  }
  return best?.depth;
}

/** Roots that are tried where the first ones are farther from others than need be. */
const MAX_TRIES = 64;

/** Links between each switch and one of them; -1 where there is no path. */
function depths({ neighbour }: SwitchPorts, from: number): Int32Array {
  const depth = new Int32Array(neighbour.length).fill(-1);
  depth[from] = 0;
  const queue = [from];
  // The queue grows while it is walked: breadth first.
  for (const sw of queue) {
    for (const peer of neighbour[sw]!) {
      if (peer < 0 || depth[peer]! >= 0) continue;
      depth[peer] = depth[sw]! + 1;
      queue.push(peer);
    }
  }
  return depth;
}

interface Up {
  readonly sw: number;
  /** Switch, or -1 at the root; and the local port towards it. */
  readonly parent: number;
  readonly port: number;
}

/** The switches between `edges` and the root, from the root down. */
function upwardPorts(ports: SwitchPorts, edges: readonly number[], depth: Int32Array, choice: number): Up[] {
  const found = new Map<number, Up>();
  const waiting = [...edges];
  for (const sw of waiting) {
    if (found.has(sw)) continue;
    const up = upFrom(ports, sw, depth, choice);
    found.set(sw, up);
    if (up.parent >= 0) waiting.push(up.parent);
  }
  return [...found.values()].sort((a, b) => depth[a.sw]! - depth[b.sw]! || a.sw - b.sw);
}

function upFrom({ neighbour }: SwitchPorts, sw: number, depth: Int32Array, choice: number): Up {
  if (depth[sw] === 0) return { sw, parent: -1, port: 0 };
  const candidates: number[] = [];
  neighbour[sw]!.forEach((peer, port) => {
    if (peer >= 0 && depth[peer] === depth[sw]! - 1) candidates.push(port);
  });
  const port = candidates[choice % candidates.length]!;
  return { sw, parent: neighbour[sw]![port]!, port };
}
