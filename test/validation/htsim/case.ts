/** The published cases of htsim, and the scenarios that are the same in heddle's words. */

import { readFileSync } from "node:fs";
import { simulate } from "../../../src/api/simulate.js";
import type { RoutingPolicyName } from "../../../src/plan/plan.js";
import { ROUTING } from "../../../src/plan/policies/routing.js";
import type { ScenarioDocument } from "../../../src/scenario/schema/sections.js";
import { mean } from "../statistics.js";
import { type HtsimFabric, topologyOf } from "./fabric.js";

export interface HtsimCase {
  readonly name: string;
  readonly about: string;
  readonly fabric: string;
  /** `uet-htsim` or `csg-htsim`. */
  readonly tool: string;
  readonly transport: "uec" | "roce-pfc" | "dcqcn" | "nscc" | "rccc" | "eqds";
  readonly loadBalancing:
    | "ecmp"
    | "oblivious"
    | "round-robin"
    | "adaptive"
    | "adaptive-placed"
    | "reps"
    | "bitmap"
    | "mixed";
  /** Source, destination, bytes. */
  readonly flows?: readonly (readonly [number, number, number])[];
  /** Every host sends `bytes` to the host this number of places on. */
  readonly shift?: number;
  readonly bytes?: number;
  readonly closedFormUs?: number;
  /** First, mean and last flow, from its start to its last ACK. */
  readonly resultUs: readonly { readonly min: number; readonly mean: number; readonly max: number }[];
}

interface Cases {
  readonly source: string;
  readonly fabrics: Readonly<Record<string, HtsimFabric>>;
  readonly cases: readonly HtsimCase[];
}

export const HTSIM = JSON.parse(readFileSync(new URL("cases.json", import.meta.url), "utf8")) as Cases;

/**
 * Packets in a bandwidth-delay product, on which the tool's queues and thresholds are based: the
 * longest round trip of an empty network, at 400 Gb/s, rounded down. Four links one way, or six.
 */
const BDP_PACKETS: Readonly<Record<number, number>> = { 2: 100, 3: 150 };
const PACKET_BYTES = 4160;
/** Of the preset. */
const BUFFER_BYTES = 1e9;

/** As it places packets, where only the load balancing asks for it. */
const PLACING = { recovery: "selective", window: "16384000B", reorder: 4096 };

/** RCCC grew out of EQDS: a first window without credit, then credit in turn and at line rate. */
const PRESETS: Readonly<Record<HtsimCase["transport"], string>> = {
  uec: "htsim.uec",
  "roce-pfc": "htsim.roce",
  dcqcn: "htsim.dcqcn",
  nscc: "htsim.nscc",
  rccc: "htsim.rccc",
  eqds: "htsim.rccc",
};

const ROUTINGS: Readonly<Partial<Record<HtsimCase["loadBalancing"], RoutingPolicyName>>> = {
  ecmp: "ecmp-qp",
  oblivious: "oblivious",
  "round-robin": "round-robin",
  adaptive: "adaptive",
  "adaptive-placed": "adaptive",
  reps: "reps",
  bitmap: "bitmap",
  mixed: "mixed",
};

/** A queue of one BDP: that share of a buffer so large that it never fills. */
function trimming(tiers: number): object {
  const packets = BDP_PACKETS[tiers]!;
  // Half a packet more, for the share shrinks with what the buffer holds.
  const share = Math.floor(BUFFER_BYTES / ((packets + 0.5) * PACKET_BYTES));
  return {
    flowControl: { dropAlpha: `1/${share}` },
    ecn: { kmin: `${0.2 * packets * PACKET_BYTES}B`, kmax: `${0.8 * packets * PACKET_BYTES}B`, pmax: 1, at: "dequeue" },
  };
}

/**
 * The tool knows the round trip of every pair: in the single switch, of two links each way. Its
 * delay target is the fabric's.
 */
const UNDER_ONE_LEAF = { baseRtt: "4169ns" };
const NSCC_UNDER_ONE_LEAF = { ...UNDER_ONE_LEAF, target: "6254ns" };

function underOneLeaf({ name, transport }: HtsimCase): object {
  if (!name.startsWith("R15a")) return {};
  if (transport === "nscc") return { congestionControl: NSCC_UNDER_ONE_LEAF };
  return ["rccc", "eqds"].includes(transport) ? { congestionControl: UNDER_ONE_LEAF } : {};
}

/** What heddle lacks to run the case; undefined where it lacks nothing. */
export function lacks(one: HtsimCase): string | undefined {
  if (one.name.endsWith("_sendtrig")) return "sends chained at the sender";
  if (ROUTINGS[one.loadBalancing] === undefined) return one.loadBalancing;
  return undefined;
}

/** The case as a scenario. */
export function scenarioOf(one: HtsimCase, seed: number): object {
  const fabric = HTSIM.fabrics[one.fabric]!;
  return {
    version: 1,
    name: one.name,
    seed,
    preset: PRESETS[one.transport],
    topology: topologyOf(fabric),
    switch: { latency: `${fabric.switchLatencyNs}ns` },
    routing: routingOf(one),
    ...(["nscc", "rccc", "eqds"].includes(one.transport) && trimming(fabric.tiers)),
    transport: { ...(one.loadBalancing === "adaptive-placed" && PLACING), ...underOneLeaf(one) },
    workload: { kind: "flows", flows: flowsOf(one, fabric) },
  };
}

/**
 * The tool's permutations have 256 entropy values, its other cases 64. Its switches compare queues
 * in steps of 5 % of their size, which without a limit, or under PFC, none ever reaches.
 */
function routingOf({ name, loadBalancing, shift, transport }: HtsimCase): object {
  const quantum = transport === "nscc" ? `${0.05 * BDP_PACKETS[3]! * PACKET_BYTES}B` : "1GB";
  if (name.includes("flowlet")) return { policy: "flowlet", gap: "10us", quantum };
  const policy = ROUTINGS[loadBalancing]!;
  if (policy === "adaptive") return { policy, quantum };
  return ROUTING[policy].sprays ? { policy, entropies: shift === 64 ? 256 : 64 } : { policy };
}

function flowsOf(one: HtsimCase, { hosts }: HtsimFabric): object[] {
  const flow = (src: number, dst: number, bytes: number) => ({ src: `h${src}`, dst: `h${dst}`, size: `${bytes}B` });
  if (one.flows !== undefined) return one.flows.map(([src, dst, bytes]) => flow(src, dst, bytes));
  // A step of a ring: every rank to the next.
  const { shift = 1, bytes = 65_536 } = one;
  return Array.from({ length: hosts }, (_, src) => flow(src, (src + shift) % hosts, bytes));
}

/** Times of the first, the mean and the last flow to its last ACK, in us. */
export interface FlowTimes {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

export async function runCase(one: HtsimCase, seed: number): Promise<FlowTimes> {
  const times = await timesOf(one, seed);
  return { min: Math.min(...times), mean: mean(times), max: Math.max(...times) };
}

/** Times of all flows to their last ACK, in us. */
export async function timesOf(one: HtsimCase, seed: number): Promise<number[]> {
  const { flows, status } = await simulate(scenarioOf(one, seed) as ScenarioDocument);
  if (status !== "finished") throw new Error(`${one.name}: ${status}`);
  return flows!.map(({ ackedNs }) => ackedNs! / 1000);
}
