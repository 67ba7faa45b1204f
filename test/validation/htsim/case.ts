/** The published cases of htsim, and the scenarios that are the same in heddle's words. */
import { readFileSync } from "node:fs";
import { simulate } from "../../../src/simulate.js";
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
  /** Every host sends `bytes` to the host so many places on. */
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
 * Packets in a bandwidth-delay product, on which the tool's queues and thresholds are based: the longest round trip of an empty network, at
 * 400 Gb/s, rounded down. Four links one way, or six.
 */
const BDP_PACKETS: Readonly<Record<number, number>> = { 2: 100, 3: 150 };
const PACKET_BYTES = 4160;
const BUFFER_BYTES = 1e9;
/** Without flow control the tool's buffers have no end. */
const UNLIMITED = { kind: "none", dropAlpha: 65_535 };

/** Queues without loss have one class: ACKs wait behind data, and are paused with it. */
const FIFO = { ackClass: "data" };
/** Only what was trimmed is repeated, and what a timeout finds missing: no gap counts as a loss. */
const PLACING = { recovery: "selective", window: "16384000B", reorder: 4096 };

const TRANSPORTS: Readonly<Partial<Record<HtsimCase["transport"], object>>> = {
  uec: { flowControl: UNLIMITED, transport: { ...PLACING, ackEvery: 4 } },
  "roce-pfc": {
    wire: FIFO,
    flowControl: pfc(),
    transport: { recovery: "go-back-n", window: "unlimited", ackEvery: 1 },
  },
  dcqcn: {
    wire: FIFO,
    flowControl: pfc(),
    ecn: { kmin: `${40 * 4096 - 4160}B`, kmax: `${40 * 4096 - 4160}B`, pmax: 1, at: "dequeue" },
    transport: {
      recovery: "go-back-n",
      window: "unlimited",
      ackEvery: 1,
      congestionControl: { kind: "dcqcn", additiveIncrease: "20Gbps", hyperIncrease: "40Gbps" },
    },
  },
  nscc: {
    transport: { ...PLACING, ackEvery: 1, congestionControl: { kind: "nscc" } },
  },
  rccc: {
    transport: { ...PLACING, ackEvery: 1, congestionControl: { kind: "rccc" } },
  },
};

/** RCCC grew out of EQDS: a first window without credit, then credit in turn and at line rate. */
function settingsOf({ transport }: HtsimCase) {
  return TRANSPORTS[transport === "eqds" ? "rccc" : transport];
}

const ROUTINGS: Readonly<Partial<Record<HtsimCase["loadBalancing"], string>>> = {
  ecmp: "ecmp-qp",
  oblivious: "oblivious",
  "round-robin": "round-robin",
  adaptive: "adaptive",
  "adaptive-placed": "adaptive",
  reps: "reps",
  bitmap: "bitmap",
  mixed: "mixed",
};

/** A queue of one BDP: that share of a buffer so large that it never fills. What does not fit is cut, or what waits last. */
function trimming(tiers: number): object {
  const packets = BDP_PACKETS[tiers]!;
  // Half a packet more, for the share shrinks with what the buffer holds.
  const share = Math.floor(BUFFER_BYTES / ((packets + 0.5) * PACKET_BYTES));
  return {
    flowControl: { kind: "none", trim: true, trimVictim: "random", dropAlpha: `1/${share}` },
    ecn: { kmin: `${0.2 * packets * PACKET_BYTES}B`, kmax: `${0.8 * packets * PACKET_BYTES}B`, pmax: 1, at: "dequeue" },
  };
}

/** The tool knows the round trip of every pair: in the single switch, of two links each way. Its delay target is the fabric's. */
const UNDER_ONE_LEAF = { baseRtt: "4169ns" };
const NSCC_UNDER_ONE_LEAF = { ...UNDER_ONE_LEAF, target: "6254ns" };

function underOneLeaf(control: { kind: string } | undefined): object {
  if (control?.kind === "nscc") return { ...control, ...NSCC_UNDER_ONE_LEAF };
  return control?.kind === "rccc" ? { ...control, ...UNDER_ONE_LEAF } : (control ?? { kind: "none" });
}

/** XOFF above 15 packets of 4096 bytes, XON below 12: with packets of 4160, at 15 and at 11. */
function pfc(): object {
  return {
    kind: "pfc",
    reserve: "0B",
    headroom: "2MB",
    response: "0ns",
    threshold: { kind: "static", xoff: `${15 * 4096 + 1}B` },
    resumeOffset: `${3 * 4096 + 2}B`,
  };
}

/** What heddle lacks to run the case; undefined where it lacks nothing. */
export function lacks(one: HtsimCase): string | undefined {
  if (one.name.endsWith("_sendtrig")) return "sends chained at the sender";
  if (settingsOf(one) === undefined) return one.transport;
  if (ROUTINGS[one.loadBalancing] === undefined) return one.loadBalancing;
  return undefined;
}

/** The case as a scenario. */
export function scenarioOf(one: HtsimCase, seed: number): object {
  const fabric = HTSIM.fabrics[one.fabric]!;
  const placed = one.loadBalancing === "adaptive-placed";
  const settings = settingsOf(one) as { transport: { congestionControl?: { kind: string } } };
  const transport = {
    ...settings.transport,
    ...(placed && PLACING),
    ...(one.name.startsWith("R15a") && { congestionControl: underOneLeaf(settings.transport.congestionControl) }),
  };
  return {
    version: 1,
    name: one.name,
    seed,
    preset: "htsim",
    topology: topologyOf(fabric),
    switch: { latency: `${fabric.switchLatencyNs}ns`, buffer: `${BUFFER_BYTES}B` },
    routing: routingOf(one),
    ...(["nscc", "rccc", "eqds"].includes(one.transport) && trimming(fabric.tiers)),
    ...settings,
    transport,
    workload: { kind: "flows", flows: flowsOf(one, fabric) },
  };
}

/**
 * The tool's permutations have 256 entropy values, its other cases 64. Its switches compare queues in steps of 5 % of their size, which
 * without a limit, or under PFC, none ever reaches.
 */
function routingOf({ name, loadBalancing, shift, transport }: HtsimCase): object {
  const quantum = transport === "nscc" ? `${0.05 * BDP_PACKETS[3]! * PACKET_BYTES}B` : "1GB";
  if (name.includes("flowlet")) return { policy: "flowlet", gap: "10us", quantum };
  const policy = ROUTINGS[loadBalancing]!;
  if (policy === "adaptive") return { policy, quantum };
  const isSpraying = ["oblivious", "reps", "bitmap", "mixed"].includes(policy);
  return isSpraying ? { policy, entropies: shift === 64 ? 256 : 64 } : { policy };
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
  const { flows, status } = await simulate(scenarioOf(one, seed));
  if (status !== "finished") throw new Error(`${one.name}: ${status}`);
  return flows!.map(({ ackedNs }) => ackedNs! / 1000);
}
