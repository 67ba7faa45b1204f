import type { RunPlan } from "../../src/plan/plan.js";
import { permutation } from "../../src/scenario/types/patterns.js";
import { runCore } from "../support/run-core.js";
import { flowShares, type Permutation, pathsOf } from "./max-min.js";
import { PACKET_PS, PAYLOAD_BYTES, planOf, squareLeafSpine } from "./support.js";

/** Every host of a square leaf-spine sends without end to another one. */
export interface SteadyState {
  readonly width: number;
  readonly qps: number;
  readonly seed: number;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly transport: Readonly<Record<string, unknown>>;
}

/**
 * Deliveries count chunks, and each chunk is answered once: few enough ACKs to hardly count, and
 * chunks short against any run.
 */
export const PACKETS_PER_CHUNK = 8;

/** By host: where it sends in a seed's permutation. */
function destinations(width: number, seed: number): number[] {
  return permutation(width * width, seed, { bytes: 1, startPs: 0 }).map(({ dst }) => dst);
}

export function permutationOf(width: number, qps: number, seed: number): Permutation {
  return { leaves: width, width, qps, to: destinations(width, seed), seed };
}

/** Flows on the link that most share. */
export function largestLoad(permutation: Permutation): number {
  const load = new Uint32Array(4 * permutation.to.length);
  for (const path of pathsOf(permutation)) for (const link of path) load[link]! += 1;
  return Math.max(...load);
}

export function steadyPlan({ width, qps, seed, settings, transport }: SteadyState): RunPlan {
  const plan = planOf({
    seed,
    topology: squareLeafSpine(width),
    transport: { kind: "roce", qpsPerConnection: qps, ackEvery: PACKETS_PER_CHUNK, ...transport },
    workload: { kind: "flows", pattern: "permutation", size: `${qps * PACKETS_PER_CHUNK * PAYLOAD_BYTES}B` },
    ...settings,
  });
  // More than the line rate allows in any of these runs.
  return { ...plan, flows: { ...plan.flows, chunks: plan.flows.chunks.map(() => 100_000) } };
}

/** Share of the line rate that each flow gets in `measurePs` after `warmUpPs`. */
export async function measureShares(state: SteadyState, warmUpPs: number, measurePs: number): Promise<Float64Array> {
  const plan = steadyPlan(state);
  const before = await runCore({ ...plan, timeLimitPs: warmUpPs });
  const after = await runCore({ ...plan, timeLimitPs: warmUpPs + measurePs });
  const rates = Float64Array.from(
    after.chunksDelivered,
    (count, flow) => ((count - before.chunksDelivered[flow]!) * PACKETS_PER_CHUNK * PACKET_PS) / measurePs,
  );
  return flowShares(rates, state.qps).shares;
}
