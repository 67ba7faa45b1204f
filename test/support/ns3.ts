import { readFileSync } from "node:fs";
import type { RunPlan } from "../../src/plan/plan.js";
import { buildPlan } from "./network.js";

/** A network and what ns-3's rules make of it. */
export interface Ns3Case {
  readonly name: string;
  readonly hdr: number;
  readonly ack: number;
  readonly pfc: number;
  readonly mtu: number;
  readonly bufferBytes: number;
  readonly hosts: readonly number[];
  readonly switches: readonly number[];
  /** Ends, Gb/s, one-way delay in ns. */
  readonly links: readonly (readonly [number, number, number, number])[];
  /** Source, destination, bytes, start in ps. */
  readonly flows: readonly (readonly [number, number, number, number])[];
  readonly expected: {
    readonly fctPs: readonly number[];
    readonly pauses: number;
    readonly finishPs: number;
  };
}

/** Every case of `test/data/ns3-exact.json`. */
export function ns3Cases(): Ns3Case[] {
  const text = readFileSync(new URL("../data/ns3-exact.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { cases: Ns3Case[] }).cases;
}

/** A case as a plan, by the rules that the file states. */
export function ns3Plan(ns3: Ns3Case): RunPlan {
  const rates = new Map(ns3.hosts.map((host) => [host, ns3.links.find(([a, b]) => a === host || b === host)![2]]));
  const nicGbps = Math.min(...rates.values());
  return buildPlan({
    hosts: ns3.hosts,
    switches: ns3.switches.map((id) => ({ id, latencyPs: 0, bufferBytes: ns3.bufferBytes })),
    links: ns3.links.map(([a, b, gbps, delayNs]) => ({
      a,
      b,
      rateBps: gbps * 1e9,
      propagationPs: delayNs * 1000,
      mtuBytes: ns3.mtu,
      // Gb/s times ns is bits.
      buffers: { headroomBytes: (3 * gbps * delayNs) / 8, alphaShift: alphaShift(gbps, nicGbps) },
    })),
    flows: ns3.flows.map(([src, dst, bytes, startPs]) => ({ src, dst, bytes, startPs })),
    wire: {
      headerBytes: ns3.hdr,
      gapBytes: 0,
      ackBytes: ns3.ack,
      pauseBytes: ns3.pfc,
      ackClass: "data",
      serialization: "floor",
    },
    flowControl: { release: "start", pauseResponsePs: 0, reserveBytes: 4096, resumeOffsetBytes: 3072 },
    nicLatencyPs: 0,
  });
}

/** 3, less one for each halving that takes the port's rate down to the NICs'. */
function alphaShift(portGbps: number, nicGbps: number): number {
  let shift = 3;
  for (let gbps = portGbps; gbps > nicGbps && shift > 0; gbps /= 2) shift -= 1;
  return shift;
}
