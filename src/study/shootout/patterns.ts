import { scheduleBoundPs } from "../../answer/ideal/schedule.js";
import { viewPlan } from "../../answer/ideal/view.js";
import { type ListedLink, listLinks } from "../../answer/result/list-links.js";
import { rankLayout } from "../../build/ranks.js";
import type { RunPlan } from "../../plan/plan.js";
import { resolvePlan } from "../../resolve/resolve.js";
import { parseScenario } from "../../scenario/parse/parse.js";
import { mix32, streamKey } from "../../scenario/types/random.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { didYouMean } from "../../scenario/types/suggest.js";
import { topologyFacts } from "../../scenario/types/topology-facts.js";
import { collectiveOf } from "../../scenario/types/workload-kinds.js";
import { ShootoutError } from "./errors.js";

/** What patterns are made for: the fabric, and how much is sent. */
export interface Course {
  readonly scenario: Scenario;
  readonly ranks: number;
  /** Ranks that reach each other without the fabric; 1 where all traffic crosses it. */
  readonly nodeSize: number;
  /**
   * Ranks of whole nodes, from the first, whose GPUs have the same leaves; `ranks` where that is
   * all of them.
   */
  readonly ranksPerLeaf: number;
  /** Links between switches. */
  readonly fabricLinks: readonly ListedLink[];
  /** Of a message. */
  readonly sizeBytes: number;
  /**
   * Least time of the collective on an empty network. Reckoned once it is asked for: that takes a
   * while on large fabrics.
   */
  readonly collectivePs: () => number;
}

/** Overrides for a seed, or why there can be none. */
type Traffic = (course: Course, seed: number) => readonly string[] | string;

interface PatternSpec {
  readonly description: string;
  readonly traffic: Traffic;
}

/** Random streams of scenarios have the purposes below this. */
const PURPOSE_TARGET = 32;
const PURPOSE_LINK = 33;

const MAX_SENDERS = 32;
const MAX_PARTNERS = 16;
/** Largest size of background flows, in messages. */
const MAX_BACKGROUND = 16;
/** What a collective is larger than a message where the file has none. */
const COLLECTIVE_FACTOR = 8;

/** In the order of reports. */
const PATTERNS: Readonly<Record<string, PatternSpec>> = {
  permutation: {
    description: "every rank sends to another one and receives from another one, at random",
    traffic: (course, seed) => flows(`pattern: permutation, size: ${course.sizeBytes}B, seed: ${seed}`),
  },
  "ring-boundary": {
    description: "what a ring over all ranks sends from each leaf to the next: the GPUs of its last node",
    traffic: ({ ranksPerLeaf, ranks, sizeBytes }) =>
      ranksPerLeaf >= ranks
        ? "all ranks are under one leaf"
        : flows(`pattern: ring-boundary, group: ${ranksPerLeaf}, size: ${sizeBytes}B`),
  },
  incast: {
    description: "up to 32 ranks send to one, another one for each seed",
    traffic: ({ ranks, sizeBytes }, seed) => {
      const senders = Math.min(ranks - 1, MAX_SENDERS);
      return flows(`pattern: incast, target: ${rankFor(seed, ranks)}, senders: ${senders}, size: ${sizeBytes}B`);
    },
  },
  "all-to-all": {
    description: "every rank sends to up to 16 others, spread evenly, a part of the size to each",
    traffic: ({ ranks, sizeBytes }) => {
      const partners = Math.min(ranks - 1, MAX_PARTNERS);
      return flows(`pattern: all-to-all, fanOut: ${partners}, size: ${Math.ceil(sizeBytes / partners)}B`);
    },
  },
  hotspot: {
    description: "a permutation of which an eighth sends to one rank instead",
    traffic: ({ ranks, sizeBytes }, seed) =>
      flows(`pattern: hotspot, target: ${rankFor(seed, ranks)}, seed: ${seed}, size: ${sizeBytes}B`),
  },
  "collective-background": {
    description:
      "a collective beside a random permutation that lasts as long; times and bandwidth are the collective's",
    traffic: ({ scenario, sizeBytes, collectivePs }, seed) => {
      const carried = (scenario.links.access.rateBps / 8e12) * collectivePs();
      const bytes = Math.ceil(Math.min(carried, MAX_BACKGROUND * sizeBytes));
      return [
        ...collectiveSettings(scenario, sizeBytes),
        `workload.background={ pattern: permutation, size: ${bytes}B, seed: ${seed} }`,
      ];
    },
  },
  "degraded-link": {
    description: "a permutation while one link between switches, another one for each seed, has a quarter of its rate",
    traffic: ({ scenario, fabricLinks, sizeBytes }, seed) => {
      if (fabricLinks.length === 0) return "there are no links between switches";
      const { from, to, index, rateBps } = fabricLinks[draw(seed, PURPOSE_LINK, fabricLinks.length)]!;
      const rate = `${Math.max(1, Math.round(rateBps / 4e6))}Mbps`;
      const fault = `{ kind: degraded-link, from: ${from}, to: ${to}, index: ${index}, rate: ${rate} }`;
      return [
        ...flows(`pattern: permutation, size: ${sizeBytes}B, seed: ${seed}`),
        scenario.faults.length === 0 ? `faults=[${fault}]` : `faults[${scenario.faults.length}]=${fault}`,
      ];
    },
  },
};

export interface Pattern {
  readonly name: string;
  readonly description: string;
  /**
   * Overrides that make a scenario of the pattern; the same seed, the same traffic for every
   * policy.
   */
  readonly overrides: (seed: number) => readonly string[];
}

export interface PatternsOfCourse {
  readonly patterns: readonly Pattern[];
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
}

export const PATTERN_NAMES: readonly string[] = Object.keys(PATTERNS);

/**
 * The patterns of the given names; all that the fabric allows where there are none.
 * @throws ShootoutError for a pattern that is not known, or named although the fabric does not
 * allow it
 */
export function patternsOf(course: Course, names?: readonly string[]): PatternsOfCourse {
  for (const name of names ?? []) {
    if (!PATTERN_NAMES.includes(name)) {
      throw new ShootoutError(
        `there is no pattern ${JSON.stringify(name)}${didYouMean(name, PATTERN_NAMES)}; there are ${PATTERN_NAMES.join(", ")}`,
      );
    }
  }
  const patterns: Pattern[] = [];
  const leftOut: { name: string; reason: string }[] = [];
  for (const name of PATTERN_NAMES) {
    if (names !== undefined && !names.includes(name)) continue;
    const { description, traffic } = PATTERNS[name]!;
    const refusal = traffic(course, 0);
    if (typeof refusal !== "string") {
      patterns.push({ name, description, overrides: (seed) => traffic(course, seed) as readonly string[] });
    } else if (names === undefined) {
      leftOut.push({ name, reason: refusal });
    } else {
      throw new ShootoutError(`pattern ${name} is not possible on this fabric: ${refusal}`);
    }
  }
  return { patterns, leftOut };
}

/** What a course is like, from a scenario and what it was parsed from. */
export function courseOf(scenario: Scenario, document: unknown, sizeBytes: number): Course {
  const { plan } = resolvePlan(scenario);
  const { fabric } = plan;
  const { gpusPerNode, ranks } = rankLayout(scenario.topology, fabric);
  const leafOf = leafPorts(plan);
  let ranksPerLeaf = gpusPerNode;
  while (ranksPerLeaf < ranks && leafOf[ranksPerLeaf] === leafOf[0]) ranksPerLeaf += gpusPerNode;
  const names = new Set(Array.from({ length: ranks }, (_, rank) => fabric.rankName(rank)));
  const links = [...listLinks(plan)].filter(
    ({ level, from, to }) => level !== "scaleUp" && !names.has(from) && !names.has(to),
  );
  return {
    scenario,
    ranks,
    nodeSize: fabric.nics.isScaleUp.some((flag) => flag === 1) ? gpusPerNode : 1,
    ranksPerLeaf,
    // Links above an NVSwitch are of its own level; those of a leaf to its hosts have a host at one
    // end.
    fabricLinks: links.filter(({ from }) => !from.startsWith("gpu-")),
    sizeBytes,
    collectivePs: once(() => {
      const { scenario: collective } = parseScenario(document, { set: collectiveSettings(scenario, sizeBytes) });
      return scheduleBoundPs(viewPlan(resolvePlan(collective).plan));
    }),
  };
}

/**
 * The collective that `collective-background` runs: the file's, or an all-reduce of eight times the
 * message size.
 */
function collectiveSettings({ workload, topology }: Scenario, sizeBytes: number): readonly string[] {
  if (collectiveOf(workload) !== null) return [];
  const algorithm = topologyFacts(topology).hasScaleUp ? "hierarchical-ring" : "ring";
  return [`workload={ kind: collective, algorithm: ${algorithm}, size: ${COLLECTIVE_FACTOR * sizeBytes}B }`];
}

/** First port of the leaf of each rank's NIC in the fabric. */
function leafPorts({ fabric }: RunPlan): Uint32Array {
  const leaves = new Uint32Array(fabric.rankCount);
  const deviceAt = (port: number) => fabric.firstPort.findLastIndex((first) => first <= port);
  for (let nic = 0; nic < fabric.nics.count; nic++) {
    if (fabric.nics.isScaleUp[nic] === 1) continue;
    leaves[fabric.nics.rank[nic]!] = deviceAt(fabric.peerPort[fabric.nics.port[nic]!]!);
  }
  return leaves;
}

function flows(rest: string): readonly string[] {
  return [`workload={ kind: flows, ${rest} }`];
}

function rankFor(seed: number, ranks: number): number {
  return draw(seed, PURPOSE_TARGET, ranks);
}

function draw(seed: number, purpose: number, below: number): number {
  return Math.floor((mix32(streamKey(seed, purpose, 0)) * below) / 2 ** 32);
}

function once(reckon: () => number): () => number {
  let value: number | undefined;
  return () => {
    value ??= reckon();
    return value;
  };
}
