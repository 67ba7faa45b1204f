/** What a Clos fabric of the given switches can hold. */
import { LINK_LEVELS, type LinkLevelName } from "../../plan/levels.js";
import type { Path } from "../../util/document-path.js";
import { splitOf } from "../defaults/links.js";
import { podsOf } from "../defaults/topology.js";
import type { Sections } from "../schema/sections.js";
import type { Topology } from "../types/scenario.js";
import { portsPerGpu, topologyFacts } from "../types/topology-facts.js";
import type { Rule, RuleContext } from "./rule.js";

export type Clos = Exclude<Sections["topology"], { kind: "custom" | "multi-datacenter" | "dragonfly" }>;

export const closRules: Rule[] = [
  {
    needs: ["topology"],
    check: ({ topology }, context) => {
      if ("radix" in topology) checkNodes(topology, context);
    },
  },
  {
    needs: ["topology", "links"],
    check: ({ topology, links }, context) => {
      if ("radix" in topology) checkCapacity(topology, links, context);
    },
  },
];

/** @param at where the topology stands */
export function checkNodes(topology: Clos, context: RuleContext, at: Path = ["topology"]): void {
  const { kind, gpus, gpusPerNode, scaleUp } = topology;
  const paths = [
    [...at, "gpusPerNode"],
    [...at, "gpus"],
  ];
  if (gpus % gpusPerNode !== 0) {
    const divisors = [8, 4, 2, 1].filter((n) => gpus % n === 0).join(", ");
    context.fail(
      paths,
      `${gpus} GPUs do not make nodes of ${gpusPerNode}; write gpus as a multiple of gpusPerNode, or gpusPerNode as one of ${divisors}`,
    );
  }
  if ((kind === "rail-optimized" || kind === "rail-only") && gpusPerNode === 1) {
    context.fail(paths, `${kind} needs gpusPerNode above 1, a rail for each GPU of a node; or write kind: leaf-spine`);
  }
  if (kind === "rail-only" && gpusPerNode > 1 && scaleUp === false) {
    context.fail(
      [[...at, "scaleUp"]],
      "nothing but the scale-up network joins the rails of rail-only; leave scaleUp out, or write kind: rail-optimized",
    );
  }
  if ("spines" in topology && topology.spines !== undefined && topology.tiers === 3) {
    context.fail(
      [[...at, "spines"]],
      "a fabric of 3 tiers has aggregation and core switches, not spines; write tiers: 2, or leave spines out",
    );
  }
  if (topology.tiers !== 3) {
    const { leavesPerPod, coreOversubscription } = podsOf(topology);
    const field =
      leavesPerPod !== undefined ? "leavesPerPod" : coreOversubscription !== 1 ? "coreOversubscription" : "";
    if (field !== "") context.fail([[...at, field]], "pods are of fabrics of 3 tiers; write tiers: 3, or leave it out");
  }
  if (scaleUp === true && gpusPerNode === 1) {
    context.fail(
      [[...at, "scaleUp"]],
      "nodes of 1 GPU have no scale-up network; leave scaleUp out, or raise gpusPerNode",
    );
  }
  checkPorts(topology, context, at);
}

/** Ports of GPUs: to planes, to two leaves, to NVSwitches. */
function checkPorts(
  { planes, dualHomed, nvSwitches, gpusPerNode, scaleUp }: Clos,
  context: RuleContext,
  at: Path,
): void {
  if (dualHomed && planes > 2) {
    context.fail(
      [
        [...at, "dualHomed"],
        [...at, "planes"],
      ],
      `a dual-homed NIC has 2 ports, and ${planes} planes need ${planes}; write planes: 2, or leave dualHomed out`,
    );
  }
  if (nvSwitches > 1 && (gpusPerNode === 1 || scaleUp === false)) {
    context.fail([[...at, "nvSwitches"]], "there is no scale-up network; leave nvSwitches out");
  }
}

/** What a fabric's switches allow. */
interface Capacity {
  readonly hostsPerLeaf: number;
  readonly leavesNeeded: number;
  readonly leavesAllowed: number;
  readonly mostGpus: number;
}

/**
 * Upper bounds, counted in ports at the access rate. A leaf of radix k and oversubscription r has d
 * hosts and d/r of bandwidth up. Two tiers have as many leaves as a spine has ports; three as many
 * as a pod has (half the ports of its upper switches) times as many pods as a core switch has
 * ports. At 1:1 and one rate that is k^2/2 and k^3/4.
 *
 * A dual-homed NIC is two hosts of half the rate. The rails of `rail-only` have one host for each
 * node, and with one tier all ports of their switch for hosts.
 */
export function closCapacity(topology: Clos, links: Sections["links"]): Capacity {
  const { kind, gpus, gpusPerNode, tiers, oversubscription } = topology;
  const accessRate = portRateOf(links.access) / splitOf(topology, "access");
  const radix = topology.radix * splitOf(topology, "access");
  const isRailOnly = kind === "rail-only";
  const perGpu = portsPerGpu(topology) / topology.planes;
  const hosts = (gpus * perGpu) / (isRailOnly ? gpusPerNode : 1);
  if (tiers === 1) {
    const leavesNeeded = Math.ceil(hosts / perGpu / radix);
    return { hostsPerLeaf: radix, leavesNeeded, leavesAllowed: 1, mostGpus: radix * gpusPerNode };
  }
  const fabricSpeed = portRateOf(links.fabric) / splitOf(topology, "fabric") / accessRate;
  const fabricPorts = Math.max(1, fabricSpeed);
  const corePorts = Math.max(1, portRateOf(links.core) / splitOf(topology, "core") / accessRate);
  const portsUpPerHost = fabricPorts / (oversubscription * fabricSpeed);
  const { gpusPerLeaf, leavesPerPod, coreOversubscription } = podsOf(topology);
  const fitting = Math.floor(radix / (1 + portsUpPerHost) + 1e-9);
  const hostsPerLeaf = Math.min(fitting, gpusPerLeaf ?? fitting);
  const fittingPod = Math.floor(radix / ((1 + 1 / coreOversubscription) * fabricPorts) + 1e-9);
  const leavesAllowed =
    tiers === 2
      ? Math.floor(radix / fabricPorts)
      : Math.min(fittingPod, leavesPerPod ?? fittingPod) * Math.floor(radix / corePorts);
  const rails = (kind === "rail-optimized" ? gpusPerNode : 1) * perGpu;
  const leavesNeeded = hostsPerLeaf === 0 ? Number.POSITIVE_INFINITY : rails * Math.ceil(hosts / rails / hostsPerLeaf);
  const most = Math.floor(leavesAllowed / rails) * rails * hostsPerLeaf;
  return { hostsPerLeaf, leavesNeeded, leavesAllowed, mostGpus: (most / perGpu) * (isRailOnly ? gpusPerNode : 1) };
}

/** Whether the number of switches follows from the ports that they have for a level's links. */
export function countsPorts(topology: Sections["topology"] | Topology, level: LinkLevelName): boolean {
  const isClos = topology.kind !== "custom" && topology.kind !== "dragonfly";
  return isClos && topologyFacts(topology).levels.includes(level) && LINK_LEVELS[level].countsPorts;
}

function portRateOf({ rate, portRate }: Sections["links"]["fabric"]): number {
  return portRate ?? rate;
}

export function checkCapacity(
  topology: Clos,
  links: Sections["links"],
  context: RuleContext,
  at: Path = ["topology"],
): void {
  const { kind, gpus, radix, tiers, oversubscription } = topology;
  const { hostsPerLeaf, leavesNeeded, leavesAllowed, mostGpus } = closCapacity(topology, links);
  if (leavesNeeded <= leavesAllowed) return;
  const more = tiers < 3 && kind !== "leaf-spine" ? `, tiers: ${tiers + 1}` : "";
  const advice = `write a larger radix${more}, or fewer gpus`;
  const fabric = `switches of radix ${radix} in ${tiers === 1 ? "one tier" : `${tiers} tiers`} at ${oversubscription}:1`;
  const leaves = kind === "rail-only" ? "leaves for each rail" : "leaves";
  context.fail(
    [
      [...at, "gpus"],
      [...at, "radix"],
    ],
    hostsPerLeaf === 0
      ? `a leaf of radix ${radix} has no room for a GPU and its share of uplinks; write a larger radix`
      : `${gpus} GPUs need ${leavesNeeded} ${leaves} of ${hostsPerLeaf}; ${fabric} allow ${leavesAllowed} ${leavesAllowed === 1 ? "leaf" : "leaves"}, ${mostGpus} GPUs; ${advice}`,
  );
}
