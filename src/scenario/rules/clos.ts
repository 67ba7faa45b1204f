/** What a Clos fabric of the given switches can hold. */
import type { Sections } from "../schema/sections.js";
import type { Rule, RuleContext } from "./rule.js";

type Clos = Exclude<Sections["topology"], { kind: "custom" }>;

export const closRules: Rule[] = [
  {
    needs: ["topology"],
    check: ({ topology }, context) => topology.kind !== "custom" && checkNodes(topology, context),
  },
  {
    needs: ["topology", "links"],
    check: ({ topology, links }, context) => {
      if (topology.kind !== "custom") checkCapacity(topology, links, context);
    },
  },
];

function checkNodes(topology: Clos, context: RuleContext): void {
  const { kind, gpus, gpusPerNode, scaleUp } = topology;
  const paths = [
    ["topology", "gpusPerNode"],
    ["topology", "gpus"],
  ];
  if (gpus % gpusPerNode !== 0) {
    const divisors = [8, 4, 2, 1].filter((n) => gpus % n === 0).join(", ");
    context.fail(
      paths,
      `${gpus} GPUs do not make nodes of ${gpusPerNode}; write gpus as a multiple of gpusPerNode, or gpusPerNode as one of ${divisors}`,
    );
  }
  if (kind === "rail-optimized" && gpusPerNode === 1) {
    context.fail(
      paths,
      "rail-optimized needs gpusPerNode above 1, a rail for each GPU of a node; or write kind: leaf-spine",
    );
  }
  if (topology.kind !== "fat-tree" && topology.spines !== undefined && topology.tiers === 3) {
    context.fail(
      [["topology", "spines"]],
      "a fabric of 3 tiers has aggregation and core switches, not spines; write tiers: 2, or leave spines out",
    );
  }
  if (scaleUp === true && gpusPerNode === 1) {
    context.fail(
      [["topology", "scaleUp"]],
      "nodes of 1 GPU have no scale-up network; leave scaleUp out, or raise gpusPerNode",
    );
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
 */
export function closCapacity(topology: Clos, links: Sections["links"]): Capacity {
  const { kind, gpus, gpusPerNode, radix, tiers, oversubscription } = topology;
  const fabricSpeed = links.fabric.rate / links.access.rate;
  const fabricPorts = Math.max(1, fabricSpeed);
  const corePorts = Math.max(1, links.core.rate / links.access.rate);
  const portsUpPerHost = fabricPorts / (oversubscription * fabricSpeed);
  const hostsPerLeaf = Math.floor(radix / (1 + portsUpPerHost) + 1e-9);
  const leavesAllowed =
    tiers === 2
      ? Math.floor(radix / fabricPorts)
      : Math.floor(radix / (2 * fabricPorts)) * Math.floor(radix / corePorts);
  const rails = kind === "rail-optimized" ? gpusPerNode : 1;
  const leavesNeeded = hostsPerLeaf === 0 ? Number.POSITIVE_INFINITY : rails * Math.ceil(gpus / rails / hostsPerLeaf);
  const mostGpus = Math.floor(leavesAllowed / rails) * rails * hostsPerLeaf;
  return { hostsPerLeaf, leavesNeeded, leavesAllowed, mostGpus };
}

function checkCapacity(topology: Clos, links: Sections["links"], context: RuleContext): void {
  const { gpus, radix, tiers, oversubscription } = topology;
  const { hostsPerLeaf, leavesNeeded, leavesAllowed, mostGpus } = closCapacity(topology, links);
  if (leavesNeeded <= leavesAllowed) return;
  const more = tiers === 2 && topology.kind !== "leaf-spine" ? ", tiers: 3" : "";
  const advice = `write a larger radix${more}, or fewer gpus`;
  const fabric = `switches of radix ${radix} in ${tiers} tiers at ${oversubscription}:1`;
  context.fail(
    [
      ["topology", "gpus"],
      ["topology", "radix"],
    ],
    hostsPerLeaf === 0
      ? `a leaf of radix ${radix} has no room for a GPU and its share of uplinks; write a larger radix`
      : `${gpus} GPUs need ${leavesNeeded} leaves of ${hostsPerLeaf}; ${fabric} allow ${leavesAllowed} leaves, ${mostGpus} GPUs; ${advice}`,
  );
}
