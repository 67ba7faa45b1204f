/** Trees over ranks: NCCL's trees over nodes, with a chain of GPUs in each node. */
import type { Tree } from "./binary-tree.js";
import type { Cluster } from "./cluster.js";
import type { ScheduleBuilder } from "./schedule.js";

/** A tree over ranks, by the parent of each; -1 at the root. */
export interface RankTree {
  readonly root: number;
  readonly parent: Int32Array;
}

/**
 * The tree over nodes on the rail of GPU `channel`, and in each node a chain that hangs below that
 * GPU. With a `root` of its own the tree is turned so that the root's node is on top. There the
 * chain begins at the root.
 */
export function rankTree(
  tree: Tree,
  { ranks, nodes, gpusPerNode: g }: Cluster,
  channel: number,
  root?: number,
): RankTree {
  const parent = new Int32Array(ranks);
  const top = root === undefined ? tree.root : Math.floor(root / g);
  const turn = top - tree.root + nodes;
  const head = (node: number) => ((node + turn) % nodes) * g + channel;
  for (let rank = 0; rank < ranks; rank++) {
    const local = rank % g;
    const node = (rank - local) / g;
    const first = root !== undefined && node === top ? root % g : channel;
    const above = tree.parent[(node - turn + 2 * nodes) % nodes]!;
    if (local !== first) parent[rank] = node * g + ((local - 1 + g) % g);
    else parent[rank] = above < 0 ? -1 : head(above);
  }
  return { root: root ?? head(tree.root), parent };
}

/** Which way data goes: up to the root as sums, down from it, or both. */
export type TreeWays = "up" | "down" | "both";

/** Flows of a tree by rank, -1 where there is none. */
export interface TreeFlows {
  /** From a rank to its parent. */
  readonly up: Int32Array;
  /** From the parent to the rank. */
  readonly down: Int32Array;
}

/**
 * Adds the flows of a tree: first those up by the rank that sends, then those down by the rank that
 * receives, the root left out. Chunks follow one another, and the root turns each around as soon as
 * it has it from everyone.
 * @param rankOf ranks by their place in the tree, where these are not the same
 */
export function addTree(
  builder: ScheduleBuilder,
  { root, parent }: RankTree,
  { chunks, chunkBytes }: { readonly chunks: number; readonly chunkBytes: number },
  ways: TreeWays,
  rankOf = (place: number) => place,
): TreeFlows {
  const up = new Int32Array(parent.length).fill(-1);
  const down = new Int32Array(parent.length).fill(-1);
  const belowRoot: number[] = [];
  if (ways !== "down") {
    parent.forEach((above, rank) => {
      if (above >= 0) up[rank] = builder.add({ src: rankOf(rank), dst: rankOf(above), chunks, chunkBytes });
    });
  }
  if (ways !== "up") {
    parent.forEach((above, rank) => {
      if (above >= 0) down[rank] = builder.add({ src: rankOf(above), dst: rankOf(rank), chunks, chunkBytes });
    });
  }
  parent.forEach((above, rank) => {
    if (above === root) belowRoot.push(rank);
    if (above < 0 || above === root) return;
    if (ways !== "down") builder.after(up[above]!, up[rank]!, 0);
    if (ways !== "up") builder.after(down[rank]!, down[above]!, 0);
  });
  if (ways === "both") {
    for (const to of belowRoot) {
      for (const from of belowRoot) builder.after(down[to]!, up[from]!, 0);
    }
  }
  return { up, down };
}

/** Levels below the root of a balanced binary tree. */
export function treeHeight(nodes: number): number {
  let height = 0;
  while (2 ** height < nodes) height += 1;
  return height;
}
