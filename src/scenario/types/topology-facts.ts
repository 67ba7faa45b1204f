/**
 * What the rest of the program asks of a topology, a row for each kind. It holds for the topology
 * as it is written and for the resolved one.
 */
import type { LinkLevelName } from "../../plan/levels.js";

export interface TopologyFacts {
  readonly ranks: number;
  /** GPUs of a node; 1 where there are no nodes of several. */
  readonly gpusPerNode: number;
  /** GPUs of a node share NVSwitches. */
  readonly hasScaleUp: boolean;
  /** Levels of links that the fabric may have, from the hosts up. */
  readonly levels: readonly LinkLevelName[];
  /** Tiers of switches that a packet climbs at most. */
  readonly tiers: number;
  /** GPU i of every node hangs on the switches of rail i. */
  readonly hasRails: boolean;
  /** Ports that a GPU has to the fabric, over which its messages are split. */
  readonly portsPerGpu: number;
  /** Host-facing to spine-facing bandwidth at the leaf. */
  readonly oversubscription: number;
}

/** Fields of a Clos, written or resolved. */
interface ClosFields {
  readonly kind: "leaf-spine" | "fat-tree" | "rail-optimized" | "rail-only";
  readonly gpus: number;
  readonly gpusPerNode: number;
  readonly tiers: 1 | 2 | 3;
  readonly oversubscription: number;
  readonly scaleUp?: boolean | undefined;
  readonly planes?: number | undefined;
  readonly dualHomed?: boolean | undefined;
}

interface CustomFields {
  readonly kind: "custom";
  readonly hosts: readonly string[];
  readonly gpusPerNode?: number | undefined;
  readonly scaleUp?: boolean | undefined;
}

interface SitesFields {
  readonly kind: "multi-datacenter";
  readonly sites: readonly { readonly topology: ClosFields }[];
  /** Of a job on a part of the fabric. */
  readonly jobRanks?: number | undefined;
  readonly jobNodeSize?: number | undefined;
}

type AnyTopology = ClosFields | CustomFields | SitesFields;

type FactsOf = {
  readonly [Kind in AnyTopology["kind"]]: (topology: Extract<AnyTopology, { readonly kind: Kind }>) => TopologyFacts;
};

const FACTS = {
  "leaf-spine": closFacts,
  "fat-tree": closFacts,
  "rail-optimized": closFacts,
  "rail-only": closFacts,
  custom: ({ hosts, gpusPerNode = 1, scaleUp }: CustomFields): TopologyFacts => ({
    ranks: hosts.length,
    gpusPerNode,
    hasScaleUp: gpusPerNode > 1 && scaleUp !== false,
    levels: ["access", "fabric"],
    tiers: 2,
    hasRails: false,
    portsPerGpu: 1,
    oversubscription: 1,
  }),
  "multi-datacenter": ({ sites, jobRanks, jobNodeSize }: SitesFields): TopologyFacts => {
    const parts = sites.map(({ topology }) => closFacts(topology));
    const tiers = Math.max(...parts.map((part) => part.tiers));
    const gpusPerNode = jobNodeSize ?? parts[0]!.gpusPerNode;
    return {
      ranks: jobRanks ?? parts.reduce((sum, { ranks }) => sum + ranks, 0),
      gpusPerNode,
      hasScaleUp: parts[0]!.hasScaleUp && gpusPerNode > 1,
      levels: [...parts.find((part) => part.tiers === tiers)!.levels, "border"],
      tiers,
      hasRails: parts.every((part) => part.hasRails),
      portsPerGpu: 1,
      oversubscription: Math.max(...parts.map((part) => part.oversubscription)),
    };
  },
} satisfies { readonly [Kind in AnyTopology["kind"]]: unknown } as FactsOf;

export function topologyFacts(topology: AnyTopology): TopologyFacts {
  return (FACTS[topology.kind] as (topology: AnyTopology) => TopologyFacts)(topology);
}

function closFacts(topology: ClosFields): TopologyFacts {
  const { kind, gpus, gpusPerNode, tiers, oversubscription, scaleUp } = topology;
  return {
    ranks: gpus,
    gpusPerNode,
    hasScaleUp: gpusPerNode > 1 && scaleUp !== false,
    levels: (["access", "fabric", "core"] as const).slice(0, tiers),
    tiers,
    hasRails: kind === "rail-optimized" || kind === "rail-only",
    portsPerGpu: portsPerGpu(topology),
    oversubscription,
  };
}

/** A NIC has a port to each plane; one that is dual-homed, to each of two leaves. */
export function portsPerGpu({ planes = 1, dualHomed }: Pick<ClosFields, "planes" | "dualHomed">): number {
  return Math.max(planes, dualHomed === true ? 2 : 1);
}
