import type { Sections } from "../schema/sections.js";
import type { ClosTopology, LongLinks, Topology } from "../types/scenario.js";
import { topologyFacts } from "../types/topology-facts.js";
import { fecPsAt, PS_PER_MM, resolveCustom, resolveOptic } from "./links.js";

type Written = Sections["topology"];
type WrittenSites = Extract<Written, { kind: "multi-datacenter" }>;
type WrittenClos = Exclude<Written, { kind: "custom" | "multi-datacenter" }>;

export function resolveTopology({ topology, links }: Pick<Sections, "topology" | "links">): Topology {
  switch (topology.kind) {
    case "custom":
      return resolveCustom(topology, links);
    case "multi-datacenter":
      return {
        kind: "multi-datacenter",
        sites: topology.sites.map((site) => ({ name: site.name, topology: resolveClos(site.topology) })),
        between: topology.between.map(longLinks),
      };
    default:
      return resolveClos(topology);
  }
}

/** What only some fabrics have is there with them only. */
function resolveClos(topology: WrittenClos): ClosTopology {
  const { kind, gpus, gpusPerNode, radix, tiers, oversubscription } = topology;
  const { planes, dualHomed, nvSwitches } = topology;
  const spines = "spines" in topology ? topology.spines : undefined;
  return {
    ...{ kind, gpus, gpusPerNode, radix, tiers, oversubscription },
    scaleUp: hasScaleUp(topology),
    ...(spines !== undefined && { spines }),
    ...(planes > 1 && { planes }),
    ...(dualHomed && { dualHomed }),
    ...(nvSwitches > 1 && { nvSwitches }),
  };
}

/** Links between two sites, as they are built. */
export function longLinks(written: WrittenSites["between"][number]): LongLinks {
  const { a, b, links: count, rate, length = 0, latency, optic, fecLatency } = written;
  const propagationPs = latency ?? length * PS_PER_MM;
  const lengthMm = Math.floor(propagationPs / PS_PER_MM);
  const link: LongLinks["link"] = {
    rateBps: rate,
    propagationPs,
    fecPs: fecLatency ?? fecPsAt(rate),
    ber: written.ber,
    frameLossRatio: written.frameLossRatio,
    retries: written.llr,
    optic: resolveOptic(optic, rate, lengthMm),
    lengthMm,
    breakout: 1,
    cellBytes: null,
  };
  return { a, b, count, link };
}

/** Nodes of several GPUs have a scale-up network unless told otherwise. */
export function hasScaleUp(topology: Written): boolean {
  return topologyFacts(topology).hasScaleUp;
}
