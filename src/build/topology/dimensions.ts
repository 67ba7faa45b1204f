import { PlanError } from "../../plan/plan-error.js";
import type { ClosTopology, LinkLevel, Links } from "../../scenario/types/scenario.js";
import { portsPerGpu } from "../../scenario/types/topology-facts.js";
import { type Stage, stageOf } from "./stage.js";

/** How many switches of each tier a Clos has, and how they are linked. */
export interface Dimensions {
  readonly hostsPerLeaf: number;
  readonly leaves: number;
  /** Leaves of a full pod; all leaves where there is one pod. */
  readonly leavesPerPod: number;
  readonly pods: number;
  /** Leaves of a pod and the switches above them. Null where one leaf suffices. */
  readonly lower: Stage | null;
  /**
   * Pods and the cores of one group: group `j` joins switch `j` of every pod. Null where one pod
   * suffices.
   */
  readonly upper: Stage | null;
}

/** How hosts are seated under leaves. */
export interface SeatingRules {
  /** Leaves, by the hosts per leaf. */
  readonly leaves: (hostsPerLeaf: number) => number;
  /** Prefer a multiple of this many hosts per leaf, so that the GPUs of a node share one. */
  readonly hostsTogether: number;
  /** Prefer a multiple of this many leaves per pod, so that the leaves of a node share one. */
  readonly leavesTogether: number;
}

/**
 * Ports are counted at the access rate: a faster one takes the place of several. Rates divide
 * exactly in practice.
 */
const EPSILON = 1e-9;

/**
 * Dimensions of a fabric of switches of radix k. A leaf has `d` hosts and
 * `u = d / oversubscription` worth of uplinks; at 1:1 and one rate `d = u = k/2`. Two tiers: each
 * leaf is linked to each spine. Three tiers: pods of k/2 leaves and as many switches above them as
 * a leaf has uplinks; those are non-blocking. For a full fabric at 1:1 that is 3N/k switches and 2N
 * links in two tiers, 5N/k and 3N in three.
 * @throws PlanError where the radix does not allow this number of GPUs.
 */
export function closDimensions(topology: ClosTopology, links: Links, seating: SeatingRules): Dimensions {
  const { oversubscription, tiers } = topology;
  // Ports of a switch are split as those of NICs are.
  const radix = topology.radix * portsPerGpu(topology);
  if (tiers === 1) return oneTier(topology, radix, seating);
  const { access, fabric, core } = portRates(links);
  const fabricSpeed = fabric / access;
  const fabricPorts = Math.max(1, fabricSpeed);
  const corePorts = Math.max(1, core / access);
  const uplinksFor = (hosts: number) => ceil(hosts / (oversubscription * fabricSpeed));
  const fitting = largest(radix - 1, (hosts) => hosts + fabricPorts * uplinksFor(hosts) <= radix + EPSILON);
  const mostHosts = Math.min(fitting, topology.gpusPerLeaf ?? fitting);
  if (mostHosts === 0) {
    throw new PlanError(
      `a leaf of radix ${radix} has no room for a GPU and its share of uplinks; write a larger radix`,
      [["topology", "radix"]],
    );
  }

  const spinePorts = floor(radix / fabricPorts);
  const { coreOversubscription = 1, leavesPerPod: mostOfPod = Number.POSITIVE_INFINITY } = topology;
  const aggregateUplinks = (leaves: number) => ceil((leaves * fabric) / (core * coreOversubscription));
  const fittingPod =
    tiers === 2
      ? spinePorts
      : largest(radix - 1, (leaves) => leaves * fabricPorts + aggregateUplinks(leaves) * corePorts <= radix + EPSILON);
  const mostLeavesPerPod = Math.min(fittingPod, tiers === 3 ? mostOfPod : fittingPod);
  const mostPods = tiers === 2 ? 1 : floor(radix / corePorts);

  const mostLeaves = mostLeavesPerPod * mostPods;
  const hostsPerLeaf = together(mostHosts, seating.hostsTogether, (hosts) => seating.leaves(hosts) <= mostLeaves);
  const leaves = seating.leaves(hostsPerLeaf);
  if (leaves > mostLeaves) throw tooManyGpus(topology, leaves, hostsPerLeaf, mostLeaves);
  const leavesPerPod = together(mostLeavesPerPod, seating.leavesTogether, (count) => leaves <= count * mostPods);

  const uplinks = uplinksFor(hostsPerLeaf);
  const { spines } = topology;
  if (leaves === 1) {
    if (spines !== undefined) throw noSpines(topology);
    return { hostsPerLeaf, leaves, leavesPerPod: 1, pods: 1, lower: null, upper: null };
  }
  if (leaves <= leavesPerPod) {
    const fewest = stageOf(leaves, uplinks, spinePorts);
    const lower = spines === undefined ? fewest : { ...fewest, parents: spines };
    if (spines !== undefined) checkSpines(topology, spines, fewest);
    return { hostsPerLeaf, leaves, leavesPerPod: leaves, pods: 1, lower, upper: null };
  }
  const pods = Math.ceil(leaves / leavesPerPod);
  const lower: Stage = { children: leavesPerPod, uplinks, parents: uplinks };
  const upper = stageOf(pods, aggregateUplinks(leavesPerPod), floor(radix / corePorts));
  return { hostsPerLeaf, leaves, leavesPerPod, pods, lower, upper };
}

/** In bit/s, by which ports are counted. */
function portRates({ access, fabric, core }: Links) {
  const rateOf = ({ rateBps, portRateBps = rateBps }: LinkLevel) => portRateBps;
  return { access: rateOf(access), fabric: rateOf(fabric), core: rateOf(core) };
}

/** All ports are for hosts, and one leaf takes all. */
function oneTier(topology: ClosTopology, radix: number, { leaves }: SeatingRules): Dimensions {
  if (leaves(radix) > 1) throw tooManyGpus(topology, leaves(radix), radix, 1);
  return { hostsPerLeaf: radix, leaves: 1, leavesPerPod: 1, pods: 1, lower: null, upper: null };
}

function noSpines({ gpus, radix, spines }: ClosTopology): PlanError {
  return new PlanError(
    `${gpus} GPUs fit under one leaf of radix ${radix}, which needs no spine; leave spines: ${spines} out, or write a smaller radix`,
    [["topology", "spines"]],
  );
}

/**
 * @param fewest The stage of as few spines as have the ports.
 * @throws PlanError where a leaf has fewer uplinks than there are spines, or the spines too few
 * ports.
 */
function checkSpines({ radix, oversubscription }: ClosTopology, spines: number, fewest: Stage): void {
  const { children, uplinks, parents } = fewest;
  if (spines > uplinks) {
    throw new PlanError(
      `a leaf has ${uplinks} uplinks at ${oversubscription}:1, too few for one to each of ${spines} spines; ` +
        `write spines up to ${uplinks}, or a smaller oversubscription`,
      [["topology", "spines"]],
    );
  }
  if (spines < parents) {
    throw new PlanError(
      `${children} leaves of ${uplinks} uplinks need ${parents} spines of radix ${radix}, not ${spines}; ` +
        `write spines from ${parents} on, a larger radix, or a larger oversubscription`,
      [["topology", "spines"]],
    );
  }
}

function tooManyGpus(topology: ClosTopology, leaves: number, hostsPerLeaf: number, mostLeaves: number): PlanError {
  const { gpus, radix, tiers, oversubscription, kind } = topology;
  const more = tiers < 3 && kind !== "leaf-spine" ? `, tiers: ${tiers + 1}` : "";
  return new PlanError(
    `${gpus} GPUs need ${leaves} leaves of ${hostsPerLeaf}; switches of radix ${radix} in ${tiers} tiers at ${oversubscription}:1 ` +
      `allow ${mostLeaves} leaves at these link rates; write a larger radix${more}, or fewer gpus`,
    [
      ["topology", "gpus"],
      ["topology", "radix"],
    ],
  );
}

/** The most up to `most` that `fits`, which holds for all smaller ones; 0 where none does. */
function largest(most: number, fits: (count: number) => boolean): number {
  let count = most;
  while (count > 0 && !fits(count)) count -= 1;
  return count;
}

/**
 * `most` rounded down to a multiple of `group`, where that is not nothing and everything still
 * fits.
 */
function together(most: number, group: number, fits: (count: number) => boolean): number {
  const rounded = most - (most % group);
  return rounded > 0 && fits(rounded) ? rounded : most;
}

function ceil(value: number): number {
  return Math.ceil(value - EPSILON);
}

function floor(value: number): number {
  return Math.floor(value + EPSILON);
}
