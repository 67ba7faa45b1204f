import type { RoutingPolicyName } from "../../plan/plan.js";
import { ROUTING } from "../../plan/policies/routing.js";
import type { Sections } from "../schema/sections.js";
import type { ClosTopology, LongLinks, Topology } from "../types/scenario.js";
import { topologyFacts } from "../types/topology-facts.js";
import { fecPsAt, PS_PER_MM, resolveCustom, resolveOptic } from "./links.js";

type Written = Sections["topology"];
type WrittenSites = Extract<Written, { kind: "multi-datacenter" }>;
type WrittenClos = Exclude<Written, { kind: "custom" | "multi-datacenter" | "dragonfly" }>;

export function resolveTopology({
  topology,
  links,
  routing,
}: Pick<Sections, "topology" | "links" | "routing">): Topology {
  switch (topology.kind) {
    case "custom":
      return resolveCustom(topology, links);
    case "multi-datacenter":
      return {
        kind: "multi-datacenter",
        sites: topology.sites.map((site) => ({ name: site.name, topology: resolveClos(site.topology) })),
        between: topology.between.map(longLinks),
      };
    case "dragonfly": {
      const { gpusPerNode, nvSwitches } = topology;
      const { lanes = lanesNeeded(routing.policy), ...shape } = topology.dragonfly;
      return {
        ...{ kind: "dragonfly", gpusPerNode, scaleUp: hasScaleUp(topology), ...shape, lanes },
        ...(nvSwitches > 1 && { nvSwitches }),
      };
    }
    default:
      return resolveClos(topology);
  }
}

/** Virtual channels of a dragonfly that keep it free of deadlock: `src/resolve/lanes.ts`. */
export function lanesNeeded(policy: RoutingPolicyName): 2 | 3 {
  return ROUTING[policy].detours ? 3 : 2;
}

/** What only some fabrics have is there with them only. */
function resolveClos(topology: WrittenClos): ClosTopology {
  const { kind, gpus, gpusPerNode, radix, tiers, oversubscription } = topology;
  const { planes, dualHomed, nvSwitches } = topology;
  const { spines, gpusPerLeaf, leavesPerPod, coreOversubscription } = podsOf(topology);
  return {
    ...{ kind, gpus, gpusPerNode, radix, tiers, oversubscription },
    scaleUp: hasScaleUp(topology),
    ...(spines !== undefined && { spines }),
    ...(gpusPerLeaf !== undefined && { gpusPerLeaf }),
    ...(leavesPerPod !== undefined && { leavesPerPod }),
    ...(coreOversubscription !== 1 && { coreOversubscription }),
    ...(planes > 1 && { planes }),
    ...(dualHomed && { dualHomed }),
    ...(nvSwitches > 1 && { nvSwitches }),
  };
}

/** Fields that not all kinds of Clos have. */
export function podsOf(topology: WrittenClos) {
  return {
    spines: "spines" in topology ? topology.spines : undefined,
    gpusPerLeaf: "gpusPerLeaf" in topology ? topology.gpusPerLeaf : undefined,
    leavesPerPod: "leavesPerPod" in topology ? topology.leavesPerPod : undefined,
    coreOversubscription: "coreOversubscription" in topology ? topology.coreOversubscription : 1,
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
