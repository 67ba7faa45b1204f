/** What the public simulators for ns-3 measure, and heddle beside them. */

import { readFileSync } from "node:fs";
import { simulate } from "../../../src/api/simulate.js";
import type { ScenarioDocument } from "../../../src/scenario/schema/sections.js";
import { type Ns3Case, ns3Cases } from "../../support/ns3.js";
import { mean, standardDeviation } from "../statistics.js";

/** Mean and standard deviation over seeds. */
type Sample = readonly [mean: number, deviation: number];

export interface Measured {
  readonly case: string;
  readonly run: "plain" | "dcqcn" | "loss";
  /** Time of the first, the last or the victim's last ACK in us; or how many pause frames. */
  readonly what: "first" | "last" | "victim" | "pauses";
  readonly hpcc?: number | Sample;
  readonly simai?: number | Sample;
}

export interface MeasuredComparison {
  readonly measured: Measured;
  readonly ours: Sample;
  readonly seeds: number;
  /** By how much the mean may differ from each simulator's, in the figure's unit. */
  readonly within: { readonly hpcc?: number; readonly simai?: number };
  /** The simulators that differ by more. */
  readonly off: readonly string[];
}

export const MEASURED = (
  JSON.parse(readFileSync(new URL("measured.json", import.meta.url), "utf8")) as { figures: readonly Measured[] }
).figures;

const SEEDS = 20;
/**
 * Of what a simulator with a clock of whole nanoseconds gives: HPCC's links are 1 % too fast by it.
 */
const SYSTEMATIC = { hpcc: 0.02, simai: 0.015 };
const STANDARD_ERRORS = 3;

/** Increases for 100 Gb/s; thresholds scale by themselves. */
const CONGESTION_CONTROL = { kind: "dcqcn", additiveIncrease: "20Mbps", hyperIncrease: "200Mbps" };
const FRAME_LOSS_RATIO = 1e-4;

function scenarioOf(ns3: Ns3Case, run: Measured["run"], seed: number): object {
  const frameLossRatio = run === "loss" ? FRAME_LOSS_RATIO : 0;
  const name = (id: number) => (ns3.hosts.includes(id) ? `h${id}` : `s${id}`);
  return {
    version: 1,
    name: `${ns3.name}-${run}`,
    seed,
    preset: run === "dcqcn" ? ["ns3", "dcqcn.hpcc-400g"] : "ns3",
    topology: {
      kind: "custom",
      hosts: ns3.hosts.map(name),
      switches: ns3.switches.map((id) => ({ name: name(id), buffer: `${ns3.bufferBytes}B` })),
      links: ns3.links.map(([a, b, gbps, delayNs]) => ({
        a: name(a),
        b: name(b),
        rate: `${gbps}Gbps`,
        latency: `${delayNs}ns`,
        frameLossRatio,
      })),
    },
    transport: { kind: "roce", mtu: `${ns3.mtu}B`, ...(run === "dcqcn" && { congestionControl: CONGESTION_CONTROL }) },
    workload: {
      kind: "flows",
      flows: ns3.flows.map(([src, dst, bytes]) => ({ src: name(src), dst: name(dst), size: `${bytes}B` })),
    },
  };
}

/** All figures of a case and run. */
export async function compareMeasured(name: string, run: Measured["run"]): Promise<MeasuredComparison[]> {
  const runs = await runsOf(name, run);
  const seeds = runs.length;
  return MEASURED.filter((one) => one.case === name && one.run === run).map((measured) => {
    const values = runs.map((figures) => figures[measured.what]);
    const ours: Sample = [mean(values), standardDeviation(values)];
    const { hpcc, simai } = measured;
    const within = {
      ...(hpcc !== undefined && { hpcc: tolerance(hpcc, ours, seeds, SYSTEMATIC.hpcc) }),
      ...(simai !== undefined && { simai: tolerance(simai, ours, seeds, SYSTEMATIC.simai) }),
    };
    const off = (["hpcc", "simai"] as const).filter((peer) => {
      const figure = measured[peer];
      return figure !== undefined && Math.abs(ours[0] - meanOf(figure)) > within[peer]!;
    });
    return { measured, ours, seeds, within, off };
  });
}

/** Figures of every seed. */
export async function runsOf(name: string, run: Measured["run"]): Promise<Record<Measured["what"], number>[]> {
  const ns3 = ns3Cases().find((one) => one.name === name)!;
  const runs: Record<Measured["what"], number>[] = [];
  for (let seed = 1; seed <= (run === "plain" ? 1 : SEEDS); seed++) {
    runs.push(await figuresOf(scenarioOf(ns3, run, seed)));
  }
  return runs;
}

async function figuresOf(scenario: object): Promise<Record<Measured["what"], number>> {
  const { flows, pfc, status } = await simulate(scenario as ScenarioDocument);
  if (status !== "finished") throw new Error(`${status}`);
  const times = flows!.map(({ ackedNs }) => ackedNs! / 1000);
  return { first: Math.min(...times), last: Math.max(...times), victim: times.at(-1)!, pauses: pfc.pauses };
}

/**
 * Three standard errors of the difference, and what is systematic. Of one run there is only the
 * spread that ours have.
 */
function tolerance(peer: number | Sample, [, deviation]: Sample, seeds: number, systematic: number): number {
  const peerVariance = typeof peer === "number" ? deviation ** 2 : peer[1] ** 2 / SEEDS;
  return STANDARD_ERRORS * Math.sqrt(peerVariance + deviation ** 2 / seeds) + systematic * meanOf(peer);
}

export function meanOf(figure: number | Sample): number {
  return typeof figure === "number" ? figure : figure[0];
}
