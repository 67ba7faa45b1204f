/**
 * In-network reduction (MODEL.md §12): operations of flows that switches add up and copy. Structure
 * of arrays, so that 32,768 ranks cost megabytes.
 */

/** In the place of an operation or a node: none. */
export const NONE = -1;

export interface ReductionPlan {
  /** By switch number: from the last contribution to the release of the sum, in ps. */
  readonly latencyPs: Float64Array;
  /** By flow: its operation, or `NONE` where it is an ordinary flow. */
  readonly operationOf: Int32Array;
  /** By flow, of members: 1 where it contributes, and where it receives. */
  readonly contributes: Uint8Array;
  readonly receives: Uint8Array;
  /** By operation: packets of a member that may be under way. */
  readonly windowPackets: Uint32Array;
  /** Nodes of all trees; a node comes after its parent. */
  readonly nodes: ReductionNodes;
}

/** A node is a switch in the tree of an operation. Ports are local to their switch. */
export interface ReductionNodes {
  readonly count: number;
  readonly operation: Uint32Array;
  /** Switch number. */
  readonly switchNumber: Uint32Array;
  /** Node, or `NONE` at the root; and the port towards it. */
  readonly parent: Int32Array;
  readonly parentPort: Uint32Array;
  /** Children of node `i` are entries `childFirst[i] … childFirst[i+1] - 1`, in order of ports. */
  readonly childFirst: Uint32Array;
  readonly childPort: Uint32Array;
  /** A node, or `NONE` where the child is a member: then its flow. */
  readonly childNode: Int32Array;
  readonly childFlow: Uint32Array;
}

/** What the packets between a node and others are: full or empty. */
export interface ReductionContents {
  /** By node: 1 where a member below contributes, and where one below receives. */
  readonly contributes: Uint8Array;
  readonly receives: Uint8Array;
}

/** From the members up: nodes come after their parents. */
export function contentsOf({ nodes, contributes, receives }: ReductionPlan): ReductionContents {
  const below = { contributes: new Uint8Array(nodes.count), receives: new Uint8Array(nodes.count) };
  for (let node = nodes.count - 1; node >= 0; node--) {
    for (let i = nodes.childFirst[node]!; i < nodes.childFirst[node + 1]!; i++) {
      const child = nodes.childNode[i]!;
      const flow = nodes.childFlow[i]!;
      if ((child < 0 ? contributes[flow] : below.contributes[child]) === 1) below.contributes[node] = 1;
      if ((child < 0 ? receives[flow] : below.receives[child]) === 1) below.receives[node] = 1;
    }
  }
  return below;
}

/** By operation: its first member. Packets between switches go by its number. */
export function leadingFlows({ operationOf, windowPackets }: ReductionPlan): Uint32Array {
  const leads = new Uint32Array(windowPackets.length);
  for (let flow = operationOf.length - 1; flow >= 0; flow--) {
    if (operationOf[flow]! >= 0) leads[operationOf[flow]!] = flow;
  }
  return leads;
}
