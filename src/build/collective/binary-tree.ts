/** A tree over nodes 0 … n-1. */
export interface Tree {
  readonly root: number;
  /** Parent of each node; -1 at the root. */
  readonly parent: Int32Array;
  /** Children of each node, in NCCL's order: none, one or two. */
  readonly children: readonly (readonly number[])[];
}

/**
 * NCCL's binary tree (`ncclGetBtree`): the lowest set bit of a number tells its height, so odd
 * numbers are leaves, and neighbours stay near one another. Node 0 is the root and has one child.
 */
export function binaryTree(nodes: number): Tree {
  const parent = new Int32Array(nodes).fill(-1);
  const children = Array.from({ length: nodes }, (_, node) => childrenOf(node, nodes));
  children.forEach((below, node) => {
    for (const child of below) parent[child] = node;
  });
  return { root: 0, parent, children };
}

/**
 * NCCL's pair of trees (`ncclGetDtree`): what is inside one is a leaf of the other, so that both
 * together load every node alike. The second is the mirror image of the first for an even number of
 * nodes, and the first shifted by one for an odd number.
 */
export function doubleBinaryTree(nodes: number): readonly [Tree, Tree] {
  const first = binaryTree(nodes);
  const other = nodes % 2 === 0 ? (node: number) => nodes - 1 - node : (node: number) => (node + 1) % nodes;
  return [first, relabelled(first, other)];
}

function childrenOf(node: number, nodes: number): number[] {
  if (node === 0) {
    let bit = 1;
    while (bit < nodes) bit *= 2;
    return nodes > 1 ? [bit / 2] : [];
  }
  let low = Math.floor(lowestBit(node) / 2);
  if (low === 0) return [];
  const left = node - low;
  while (low > 0 && node + low >= nodes) low = Math.floor(low / 2);
  return low > 0 ? [left, node + low] : [left];
}

function lowestBit(value: number): number {
  return value & -value;
}

function relabelled({ root, parent, children }: Tree, name: (node: number) => number): Tree {
  const renamed = new Int32Array(parent.length);
  const below: number[][] = [];
  parent.forEach((above, node) => {
    renamed[name(node)] = above < 0 ? -1 : name(above);
    below[name(node)] = children[node]!.map(name);
  });
  return { root: name(root), parent: renamed, children: below };
}
