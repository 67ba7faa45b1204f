/** Rings and trees over nodes, as NCCL connects what it chose in each of them. */
import { doubleBinaryTree } from "../../../build/collective/binary-tree.js";

/** By node: the GPUs of one channel in their order, as ranks. */
export type Channel = readonly (readonly number[])[];

/** The last GPU of a node sends to the first one of the next. */
export function ringOf(channel: Channel): number[] {
  return channel.flat();
}

const SPLIT_TREE = 2;
const TREE = 3;

/**
 * Parents by rank, -1 at the root, of the two trees over nodes. Within a node GPUs are a chain. Its
 * links to other nodes begin at the first GPU, or the second one, by the pattern (connectTrees).
 */
export function treesOf(channel: Channel, pattern: number): [Int32Array, Int32Array] {
  const nodes = channel.length;
  const second = (gpus: readonly number[]) => gpus[Math.min(1, gpus.length - 1)]!;
  const toParent = channel.map((gpus) => gpus[0]!);
  const toChild = [
    channel.map((gpus) => (pattern === TREE ? gpus[0]! : second(gpus))),
    channel.map((gpus) => (pattern === SPLIT_TREE ? second(gpus) : gpus[0]!)),
  ] as const;
  const [first, other] = doubleBinaryTree(nodes);
  const own = (node: number) => node;
  /** Number of a node of the second tree in the first one. */
  const inFirst = nodes % 2 === 0 ? (node: number) => nodes - 1 - node : (node: number) => (node - 1 + nodes) % nodes;
  const parents = (tree: { readonly parent: Int32Array }, name: (node: number) => number) => {
    const parent = new Int32Array(channel.flat().length).fill(-1);
    channel.forEach((gpus, node) => {
      for (let i = 1; i < gpus.length; i++) parent[gpus[i]!] = gpus[i - 1]!;
      const above = tree.parent[node]!;
      if (above >= 0) parent[toParent[node]!] = toChild[name(node) < name(above) ? 0 : 1][above]!;
    });
    return parent;
  };
  return [parents(first, own), parents(other, inFirst)];
}
