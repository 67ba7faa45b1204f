import type { Fabric } from "../../plan/fabric.js";
import { NONE, type ReductionNodes } from "../../plan/reduction.js";
import { type SwitchPorts, switchPorts } from "./switch-ports.js";
import { type Attachment, reductionTree, type TreeNode } from "./tree.js";

/** An operation: its members' NICs and flows, in the same order, and what chooses its tree. */
export interface Operation {
  readonly nics: ArrayLike<number>;
  readonly flows: ArrayLike<number>;
  /** Operations of different numbers spread over roots and links. */
  readonly choice: number;
}

/**
 * The trees of operations over a fabric, as the plan has them; operation `i` is the `i`-th.
 * @returns The number of the first operation whose members no switch connects, where there is one.
 */
export function reductionNodes(fabric: Fabric, operations: readonly Operation[]): ReductionNodes | number {
  const ports = switchPorts(fabric);
  const trees: TreeNode[][] = [];
  for (const [number, { nics, choice }] of operations.entries()) {
    const tree = reductionTree(
      ports,
      Array.from(nics, (nic) => attachment(fabric, ports, nic)),
      choice,
    );
    if (tree === undefined) return number;
    trees.push(tree);
  }
  return columns(trees, operations);
}

/** Where a NIC is linked to. */
function attachment({ nics, peerPort }: Fabric, { switchOf, first }: SwitchPorts, nic: number): Attachment {
  const port = peerPort[nics.port[nic]!]!;
  const sw = switchOf[port]!;
  return { sw, port: port - first[sw]! };
}

function columns(trees: readonly (readonly TreeNode[])[], operations: readonly Operation[]): ReductionNodes {
  const count = trees.reduce((sum, tree) => sum + tree.length, 0);
  const childCount = trees.reduce((sum, tree) => tree.reduce((s, { children }) => s + children.length, sum), 0);
  const nodes = {
    count,
    operation: new Uint32Array(count),
    switchNumber: new Uint32Array(count),
    parent: new Int32Array(count),
    parentPort: new Uint32Array(count),
    childFirst: new Uint32Array(count + 1),
    childPort: new Uint32Array(childCount),
    childNode: new Int32Array(childCount),
    childFlow: new Uint32Array(childCount),
  };
  let node = 0;
  let child = 0;
  trees.forEach((tree, operation) => {
    const base = node;
    for (const { sw, parent, parentPort, children } of tree) {
      nodes.operation[node] = operation;
      nodes.switchNumber[node] = sw;
      nodes.parent[node] = parent < 0 ? NONE : base + parent;
      nodes.parentPort[node] = parentPort;
      for (const { port, node: below, member } of children) {
        nodes.childPort[child] = port;
        nodes.childNode[child] = below < 0 ? NONE : base + below;
        nodes.childFlow[child] = below < 0 ? operations[operation]!.flows[member]! : 0;
        child += 1;
      }
      node += 1;
      nodes.childFirst[node] = child;
    }
  });
  return nodes;
}
