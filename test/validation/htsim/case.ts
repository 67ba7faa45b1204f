/** The published cases of htsim, and the scenarios that are the same in heddle's words. */
import { readFileSync } from "node:fs";
import { simulate } from "../../../src/simulate.js";
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

/** Bandwidth-delay product of 12 us at 400 Gb/s, on which the tool's queues and thresholds are based. */
const BDP_BYTES = 600_000;
const PACKET_BYTES = 4160;
/** Without flow control the tool's buffers have no end. */
const UNLIMITED = { kind: "none", dropAlpha: 65_535 };

const TRANSPORTS: Readonly<Partial<Record<HtsimCase["transport"], object>>> = {
  uec: { flowControl: UNLIMITED, transport: { recovery: "selective", window: "16384000B", ackEvery: 4 } },
  "roce-pfc": {
    flowControl: pfc(),
    transport: { recovery: "go-back-n", window: "unlimited", ackEvery: 1 },
  },
  dcqcn: {
    flowControl: pfc(),
    ecn: { kmin: `${40 * PACKET_BYTES}B`, kmax: `${40 * PACKET_BYTES}B`, pmax: 1 },
    transport: {
      recovery: "go-back-n",
      window: "unlimited",
      ackEvery: 1,
      congestionControl: { kind: "dcqcn", additiveIncrease: "20Gbps", hyperIncrease: "40Gbps" },
    },
  },
  nscc: {
    // A queue of one BDP: that share of a buffer so large that it never fills.
    flowControl: { kind: "none", trim: true, dropAlpha: "1/1667" },
    ecn: { kmin: `${0.2 * BDP_BYTES}B`, kmax: `${0.8 * BDP_BYTES}B`, pmax: 1 },
    transport: { recovery: "selective", window: "16384000B", ackEvery: 1, congestionControl: { kind: "nscc" } },
  },
  rccc: {
    flowControl: { kind: "none", trim: true, dropAlpha: "1/1667" },
    transport: { recovery: "selective", window: "16384000B", ackEvery: 1, congestionControl: { kind: "rccc" } },
  },
};

const ROUTINGS: Readonly<Partial<Record<HtsimCase["loadBalancing"], string>>> = {
  ecmp: "ecmp-qp",
  oblivious: "oblivious",
  "round-robin": "round-robin",
  adaptive: "adaptive",
  "adaptive-placed": "adaptive",
  reps: "reps",
  bitmap: "bitmap",
};

/** XOFF at 15 packets, XON at 12. */
function pfc(): object {
  return {
    kind: "pfc",
    reserve: "0B",
    headroom: "2MB",
    response: "0ns",
    threshold: { kind: "static", xoff: `${15 * PACKET_BYTES}B` },
    resumeOffset: `${3 * PACKET_BYTES}B`,
  };
}

/** What heddle lacks to run the case; undefined where it lacks nothing. */
export function lacks(one: HtsimCase): string | undefined {
  if (one.name.endsWith("_sendtrig")) return "sends chained at the sender";
  if (TRANSPORTS[one.transport] === undefined) return one.transport;
  if (ROUTINGS[one.loadBalancing] === undefined) return one.loadBalancing;
  return undefined;
}

/** The case as a scenario. */
export function scenarioOf(one: HtsimCase, seed: number): object {
  const fabric = HTSIM.fabrics[one.fabric]!;
  const placed = one.loadBalancing === "adaptive-placed";
  const settings = TRANSPORTS[one.transport] as { transport: object };
  const transport = placed ? { ...settings.transport, recovery: "selective", window: "16384000B" } : settings.transport;
  return {
    version: 1,
    name: one.name,
    seed,
    preset: "htsim",
    topology: topologyOf(fabric),
    switch: { latency: `${fabric.switchLatencyNs}ns`, buffer: "1GB" },
    routing: routingOf(one),
    ...settings,
    transport,
    workload: { kind: "flows", flows: flowsOf(one, fabric) },
  };
}

/** The tool's permutations have 256 entropy values, its other cases 64. */
function routingOf({ name, loadBalancing, shift }: HtsimCase): object {
  if (name.includes("flowlet")) return { policy: "flowlet" };
  const policy = ROUTINGS[loadBalancing]!;
  const isSpraying = ["oblivious", "reps", "bitmap"].includes(policy);
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
  const { flows, status } = await simulate(scenarioOf(one, seed));
  if (status !== "finished") throw new Error(`${one.name}: ${status}`);
  const times = flows!.map(({ ackedNs }) => ackedNs! / 1000);
  return {
    min: Math.min(...times),
    mean: times.reduce((sum, time) => sum + time, 0) / times.length,
    max: Math.max(...times),
  };
}
