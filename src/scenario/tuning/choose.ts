/** Which algorithm and protocol NCCL would take. */
import {
  ALGORITHM_ROWS,
  type AlgorithmName,
  COLLECTIVES,
  type CollectiveName,
  fitsTables,
  tablesOf,
} from "../../plan/collectives.js";
import { PROTOCOLS, type Protocol } from "../../plan/protocols.js";
import type { TunedAlgorithm } from "./constants.js";
import { isPossible, TUNED_COLLECTIVES, type TunedCollective, timeUs, type Way } from "./model.js";
import type { TunedSystem } from "./system.js";

/** What NCCL calls heddle's algorithms. Others it does not have. */
const TUNED: Readonly<Record<string, TunedAlgorithm>> = {
  ring: "ring",
  "double-binary-tree": "tree",
  nvls: "nvls",
  "nvls-tree": "nvls-tree",
  pat: "pat",
};

const ALL_TUNED: readonly TunedAlgorithm[] = ["ring", "tree", "nvls", "nvls-tree", "pat"];

export interface Choice {
  readonly algorithm: AlgorithmName;
  /** Null where NCCL's model does not know the collective: it says nothing of a protocol then. */
  readonly protocol: Protocol | null;
  /** Of the model; null where it does not know the collective. */
  readonly timeUs: number | null;
}

/** What NCCL itself would take, whether heddle has it or not; null where it does not know it. */
export function ncclChoice(collective: string, system: TunedSystem, bytes: number): (Way & { timeUs: number }) | null {
  if (!isTuned(collective)) return null;
  const ways = ALL_TUNED.flatMap((algorithm) =>
    PROTOCOLS.map((protocol): Way => ({ collective, algorithm, protocol })),
  );
  const timed = ways
    .filter((way) => isPossible(way, system))
    .map((way) => ({ ...way, timeUs: timeUs(way, system, bytes) }));
  return timed.reduce((best, way) => (way.timeUs < best.timeUs ? way : best));
}

/** NCCL's name of an algorithm, as far as latencies go: rings stand for what it does not have. */
export function tunedName(algorithm: AlgorithmName): TunedAlgorithm {
  return TUNED[algorithm] ?? "ring";
}

export function isTuned(collective: string): collective is TunedCollective {
  return (TUNED_COLLECTIVES as readonly string[]).includes(collective);
}

/** What there is to choose from. */
export interface Limits {
  /** Nodes have a scale-up network. */
  readonly hasScaleUp: boolean;
  /** NVSwitches can reduce this collective, where the GPUs are of a generation that has NVLS. */
  readonly reducesInScaleUp: boolean;
  /** The only protocol; left out: any. */
  readonly protocol?: Protocol;
  /** What a tuner asks for: taken if it is among them. */
  readonly wanted?: { readonly algorithm: TunedAlgorithm | null; readonly protocol: Protocol };
}

/**
 * The algorithm and protocol of least time by NCCL's model, of those that heddle has for the
 * collective. Switches of the fabric (`sharp`) are not among them: NCCL leaves them alone unless
 * its user turns them on. Of a collective that the model does not know, the first algorithm whose
 * flow graph can be built.
 * @param bytes as nccl-tests counts them
 */
export function choose(
  collective: CollectiveName,
  system: TunedSystem,
  bytes: number,
  { hasScaleUp, reducesInScaleUp, protocol: written, wanted }: Limits,
): Choice {
  const able = COLLECTIVES[collective].algorithms.filter((name) => {
    const { needsScaleUp, reducesIn } = ALGORITHM_ROWS[name];
    if (reducesIn === "fabric" || (reducesIn === "scale-up" && !reducesInScaleUp)) return false;
    if (!fitsTables(tablesOf(name, collective, system.nodes * system.ranksPerNode, system.ranksPerNode))) return false;
    return hasScaleUp || !needsScaleUp;
  });
  let best: Choice = { algorithm: able[0]!, protocol: null, timeUs: null };
  if (!isTuned(collective)) return best;
  for (const algorithm of able) {
    const tuned = TUNED[algorithm];
    if (tuned === undefined) continue;
    for (const protocol of written === undefined ? PROTOCOLS : [written]) {
      const way: Way = { collective, algorithm: tuned, protocol };
      if (!isPossible(way, system)) continue;
      const us = timeUs(way, system, bytes);
      if (wanted?.algorithm === tuned && wanted.protocol === protocol) return { algorithm, protocol, timeUs: us };
      if (us < (best.timeUs ?? Number.POSITIVE_INFINITY)) best = { algorithm, protocol, timeUs: us };
    }
  }
  return best;
}
