import type { Outcome } from "../../src/plan/outcome.js";
import type { RunPlan } from "../../src/plan/plan.js";
import { type ResolvedRun, resolvePlan } from "../../src/resolve/resolve.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";

/** A full data packet on the wire, and its payload. */
export const WIRE_BYTES = 4178;
export const PAYLOAD_BYTES = 4096;

/** At 400 Gb/s, 20 ps a byte: a full packet and an ACK. */
export const PACKET_PS = 83_560;
export const ACK_PS = 1_680;

/**
 * Defaults of scenarios: NIC and switch latency, and what a cable adds to serialization, FEC
 * included.
 */
export const NIC_PS = 700_000;
export const SWITCH_PS = 600_000;
export const ACCESS_PS = 15_000 + 75_000;
export const FABRIC_PS = 150_000 + 75_000;
export const CORE_PS = 500_000 + 75_000;

export type Document = Readonly<Record<string, unknown>>;

export function resolve(document: Document): ResolvedRun {
  return resolvePlan(parseScenario({ version: 1, ...document }).scenario);
}

export function planOf(document: Document): RunPlan {
  return resolve(document).plan;
}

/** GPUs of one NIC each under one leaf. */
export function oneLeaf(gpus: number): Document {
  return { kind: "leaf-spine", gpus, gpusPerNode: 1, radix: 64 };
}

/**
 * `width` leaves of as many hosts under as many spines, each leaf linked to each spine once;
 * uplinks in the order of the spines.
 */
export function squareLeafSpine(width: number): Document {
  const names = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
  const [hosts, leaves, spines] = [names("h", width * width), names("leaf", width), names("spine", width)];
  const access = hosts.map((a, host) => ({ a, b: leaves[Math.floor(host / width)] }));
  const fabric = leaves.flatMap((a) => spines.map((b) => ({ a, b })));
  return { kind: "custom", hosts, switches: [...leaves, ...spines], links: [...access, ...fabric] };
}

/**
 * From the post of the first of `packets` full packets to the delivery of the last one. Cables add
 * `cablesPs` each, and there is a switch between neighbours. The packets leave one behind the
 * other, and the last one is serialized once more per switch.
 */
export function deliveryPs(packets: number, cablesPs: readonly number[]): number {
  const switches = cablesPs.length - 1;
  const flightPs = cablesPs.reduce((sum, ps) => sum + ps, 0) + switches * SWITCH_PS;
  return 2 * NIC_PS + flightPs + (packets + switches) * PACKET_PS;
}

/** The same under one switch: the step of a ring under one leaf. */
export function leafDeliveryPs(packets: number): number {
  return deliveryPs(packets, [ACCESS_PS, ACCESS_PS]);
}

/** When the last chunk was delivered. */
export function completionPs(outcome: Outcome): number {
  return outcome.finishPs.reduce((latest, ps) => Math.max(latest, ps), 0);
}

export function mean(values: Iterable<number>): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    sum += value;
    count += 1;
  }
  return sum / count;
}
