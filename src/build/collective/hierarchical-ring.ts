import type { CollectiveWorkload } from "../../scenario/types/scenario.js";
import type { Cluster } from "./cluster.js";
import { ringChunkIndex } from "./ring.js";
import { type Cargo, type Collective, ScheduleBuilder } from "./schedule.js";

/**
 * All-reduce in three phases, of g GPUs in each of n nodes: a reduce-scatter ring inside each node
 * (g-1 steps of `S/g`); for each local GPU a ring over the nodes with what it has then, its `S/g`,
 * which stays on its rail (2(n-1) steps of `S/g/n`); an all-gather ring inside each node (g-1
 * steps). A GPU starts a phase when it has all of the one before. With one GPU per node it is the
 * flat ring, with one node the ring inside it.
 */
export function hierarchicalRing({ sizeBytes }: CollectiveWorkload, { gpusPerNode: g, nodes: n }: Cluster): Collective {
  const ranks = g * n;
  const inside = { chunks: g - 1, chunkBytes: Math.ceil(sizeBytes / g) };
  const between = { chunks: 2 * (n - 1), chunkBytes: Math.ceil(sizeBytes / ranks) };
  const phases = [inside, between, inside]
    .map((phase, i) => ({ ...phase, number: i }))
    .filter(({ chunks }) => chunks > 0);
  const builder = new ScheduleBuilder(phases.length * ranks);
  const neighbour = (rank: number, phase: number) => {
    const local = rank % g;
    return phase === 1 ? (rank + g) % ranks : rank - local + ((local + 1) % g);
  };
  phases.forEach(({ number, chunks, chunkBytes }) => {
    for (let rank = 0; rank < ranks; rank++)
      builder.add({ src: rank, dst: neighbour(rank, number), chunkBytes, chunks });
  });
  // Flow i * ranks + r is what rank r sends in phase i; what it waits for ends at r.
  phases.forEach(({ number }, i) => {
    for (let rank = 0; rank < ranks; rank++) {
      builder.after(i * ranks + neighbour(rank, number), i * ranks + rank, 1);
      const later = phases[i + 1];
      if (later !== undefined) builder.afterAll((i + 1) * ranks + neighbour(rank, number), i * ranks + rank);
    }
  });
  const cargo = (flow: number, chunk: number): Cargo => {
    const rank = flow % ranks;
    const local = rank % g;
    const phase = phases[Math.floor(flow / ranks)]!.number;
    if (phase === 1) {
      // After the reduce-scatter, GPU l owns the part that it received last.
      const owned = (local + 1) % g;
      const part = ringChunkIndex(Math.floor(rank / g), chunk, n);
      return { first: owned * n + part, count: 1, reduces: chunk < n - 1 };
    }
    const step = phase === 0 ? chunk : chunk + g - 1;
    return { first: ringChunkIndex(local, step, g) * n, count: n, reduces: phase === 0 };
  };
  return { schedule: builder.build(), parts: g * n, cargo };
}
