import type { CollectiveWorkload } from "../../scenario/types/scenario.js";
import type { Cluster } from "./cluster.js";
import { ringChunkIndex } from "./ring.js";
import { type Cargo, type Collective, ScheduleBuilder } from "./schedule.js";

/** Rings inside all nodes, or rings between nodes, one on each rail. */
interface Phase {
  readonly isInside: boolean;
  /** Steps in which sums are formed, then those in which they are passed on. */
  readonly reducing: number;
  readonly copying: number;
  /** Bytes of a step, of the whole buffer. */
  readonly bytes: number;
}

/**
 * Three phases, of g GPUs in each of n nodes: a reduce-scatter ring inside each node (g-1 steps of
 * `S/g`); for each local GPU a ring over the nodes with what it has then, its `S/g`, which stays on
 * its rail (2(n-1) steps of `S/g/n`); an all-gather ring inside each node (g-1 steps). A
 * reduce-scatter is the first one and half of the second, an all-gather the rest. With one GPU per
 * node it is the flat ring, with one node the ring inside it.
 *
 * The buffer goes through in pieces: while one is between the nodes, the next is inside. A GPU
 * starts a phase when it has all of the phase before, and of the piece before in the same phase.
 */
export function hierarchicalRing(workload: CollectiveWorkload, cluster: Cluster): Collective {
  const { gpusPerNode: g, nodes: n, ranks } = cluster;
  const phases = phasesOf(workload, cluster).filter(({ reducing, copying }) => reducing + copying > 0);
  const pieces = piecesOf(workload, cluster, phases);
  const builder = new ScheduleBuilder(pieces * phases.length * ranks);
  const neighbour = (rank: number, { isInside }: Phase) => {
    const local = rank % g;
    return isInside ? rank - local + ((local + 1) % g) : (rank + g) % ranks;
  };
  // What rank `r` sends of a piece in phase `i`; what it waits for ends at `r`.
  const flowOf = (piece: number, phase: number, rank: number) => (piece * phases.length + phase) * ranks + rank;
  for (let piece = 0; piece < pieces; piece++) {
    for (const phase of phases) {
      const shape = { chunkBytes: Math.ceil(phase.bytes / pieces), chunks: phase.reducing + phase.copying };
      for (let rank = 0; rank < ranks; rank++) builder.add({ src: rank, dst: neighbour(rank, phase), ...shape });
    }
  }
  for (let piece = 0; piece < pieces; piece++) {
    phases.forEach((phase, i) => {
      for (let rank = 0; rank < ranks; rank++) {
        const [flow, next] = [flowOf(piece, i, rank), neighbour(rank, phase)];
        builder.after(flowOf(piece, i, next), flow, 1);
        if (i + 1 < phases.length) builder.afterAll(flowOf(piece, i + 1, next), flow);
        if (piece + 1 < pieces) builder.afterAll(flowOf(piece + 1, i, next), flow);
      }
    });
  }
  const cargo = (flow: number, chunk: number): Cargo => {
    const rank = flow % ranks;
    const phase = phases[Math.floor(flow / ranks) % phases.length]!;
    const first = Math.floor(flow / ranks / phases.length) * ranks;
    const reduces = chunk < phase.reducing;
    const [place, size] = phase.isInside ? [rank % g, g] : [Math.floor(rank / g), n];
    const index = ringChunkIndex(place, reduces ? chunk + 1 : chunk - phase.reducing, size);
    // Inside a node the blocks of one rail go together, between nodes one at a time.
    const ofNodes = phase.isInside
      ? Array.from({ length: n }, (_, node) => node * g + index)
      : [index * g + (rank % g)];
    return { list: ofNodes.map((block) => first + block), reduces };
  };
  return { schedule: builder.build(), parts: pieces * ranks, cargo };
}

function phasesOf({ collective, sizeBytes }: CollectiveWorkload, cluster: Cluster): readonly Phase[] {
  const { gpusPerNode: g, nodes: n, ranks } = cluster;
  const inside = { isInside: true, bytes: Math.ceil(sizeBytes / g) };
  const between = { isInside: false, bytes: Math.ceil(sizeBytes / ranks) };
  const [scatters, gathers] = [collective !== "all-gather", collective !== "reduce-scatter"];
  return [
    { ...inside, reducing: scatters ? g - 1 : 0, copying: 0 },
    { ...between, reducing: scatters ? n - 1 : 0, copying: gathers ? n - 1 : 0 },
    { ...inside, reducing: 0, copying: gathers ? g - 1 : 0 },
  ];
}

/** More of them are more flows, and gain nothing. */
const MAX_PIECES = 16;

/**
 * Pieces of the buffer: of the size that is written, or as many as are soonest through. Each costs
 * the latency of the rings between the nodes once more, `L`; all but the first hide their share of
 * the time inside the nodes, `X`. That is least at `sqrt(X / L)`.
 */
function piecesOf({ sizeBytes, chunkBytes }: CollectiveWorkload, cluster: Cluster, phases: readonly Phase[]): number {
  if (chunkBytes !== null) return Math.ceil(sizeBytes / chunkBytes);
  const [insidePs, betweenPs] = [true, false].map((isInside) =>
    phases
      .filter((phase) => phase.isInside === isInside)
      .map(({ reducing, copying, bytes }) => {
        const steps = reducing + copying;
        return isInside ? (steps * bytes * 8e12) / cluster.scaleUpRateBps : steps * cluster.hopPs;
      })
      .reduce((sum, ps) => sum + ps, 0),
  ) as [number, number];
  if (insidePs === 0 || betweenPs === 0) return 1;
  return Math.min(MAX_PIECES, Math.max(1, Math.round(Math.sqrt(insidePs / betweenPs))));
}
