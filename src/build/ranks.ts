import type { Fabric, NicTable, Way } from "../plan/fabric.js";
import type { Topology } from "../scenario/types/scenario.js";
import { topologyFacts } from "../scenario/types/topology-facts.js";

/**
 * Ranks and where they are: rank = node * gpusPerNode + local. A host of a custom fabric without
 * nodes is a node of one.
 */
export interface RankLayout {
  readonly ranks: number;
  readonly gpusPerNode: number;
  readonly nodes: number;
  /**
   * NICs over which a message from one rank to another is split: of several ways the first ones of
   * both, the second ones, and so on. Over the scale-up network where there is one in the node.
   */
  readonly waysOf: (from: number, to: number) => readonly Way[];
  /** The rank that passes a message on; -1 where it goes by itself. */
  readonly relayOf: (from: number, to: number) => number;
  /** Its NIC to the fabric, and that to the scale-up network of its node: of several, in turn. */
  readonly fabricNic: (rank: number, turn?: number) => number;
  readonly scaleUpNic: (rank: number, turn?: number) => number;
  /** How many NICs to the fabric a rank has. */
  readonly fabricNicCount: (rank: number) => number;
}

/** Traffic inside a node takes the scale-up network where there is one. */
export function rankLayout(topology: Topology, fabric: Fabric): RankLayout {
  const { nics, rankCount } = fabric;
  const { gpusPerNode } = topologyFacts(topology);
  const fabricNics = nicsByRank(nics, rankCount, 0);
  const scaleUpNics = nicsByRank(nics, rankCount, 1);
  const nodeOf = (rank: number) => Math.floor(rank / gpusPerNode);
  const inTurn = ({ first, nic }: NicsByRank, rank: number, turn: number) => {
    const count = first[rank + 1]! - first[rank]!;
    return count === 0 ? -1 : nic[first[rank]! + (turn % count)]!;
  };
  return {
    ranks: rankCount,
    gpusPerNode,
    nodes: rankCount / gpusPerNode,
    waysOf: (from, to) => {
      if (nodeOf(from) === nodeOf(to)) {
        const ways = waysBetween(scaleUpNics, from, to);
        if (ways.length > 0) return ways;
      }
      return fabric.waysOf?.(from, to) ?? waysBetween(fabricNics, from, to);
    },
    relayOf: fabric.relayOf ?? (() => -1),
    fabricNic: (rank, turn = 0) => inTurn(fabricNics, rank, turn),
    scaleUpNic: (rank, turn = 0) => inTurn(scaleUpNics, rank, turn),
    fabricNicCount: (rank) => fabricNics.first[rank + 1]! - fabricNics.first[rank]!,
  };
}

/** NICs of rank `r` are `nic[first[r]] … nic[first[r + 1] - 1]`, in the order of the fabric. */
interface NicsByRank {
  readonly first: Uint32Array;
  readonly nic: Uint32Array;
}

function nicsByRank({ count, rank, isScaleUp }: NicTable, rankCount: number, kind: 0 | 1): NicsByRank {
  const first = new Uint32Array(rankCount + 1);
  for (let nic = 0; nic < count; nic++) if (isScaleUp[nic] === kind) first[rank[nic]! + 1]! += 1;
  for (let r = 0; r < rankCount; r++) first[r + 1]! += first[r]!;
  const next = first.slice(0, rankCount);
  const nicOf = new Uint32Array(first[rankCount]!);
  for (let nic = 0; nic < count; nic++) if (isScaleUp[nic] === kind) nicOf[next[rank[nic]!]!++] = nic;
  return { first, nic: nicOf };
}

/** As many as both have. */
function waysBetween({ first, nic }: NicsByRank, from: number, to: number): Way[] {
  const count = Math.min(first[from + 1]! - first[from]!, first[to + 1]! - first[to]!);
  const ways = new Array<Way>(count);
  for (let i = 0; i < count; i++) ways[i] = { src: nic[first[from]! + i]!, dst: nic[first[to]! + i]! };
  return ways;
}
