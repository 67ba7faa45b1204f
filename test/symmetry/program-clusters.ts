import fc from "fast-check";
import type { RunPlan } from "../../src/plan/plan.js";
import { type Document, planOf } from "../model/support.js";

/** GPUs in nodes, all of which a program is drawn for. */
interface Shape {
  readonly topology: Document;
  readonly nodes: number;
  readonly gpusPerNode: number;
}

const clos = (kind: string, gpus: number, gpusPerNode: number, radix: number, tiers?: number): Shape => ({
  topology: { kind, gpus, gpusPerNode, radix, ...(tiers === undefined ? {} : { tiers }) },
  nodes: gpus / gpusPerNode,
  gpusPerNode,
});

const shape = fc.constantFrom(
  clos("rail-optimized", 32, 4, 8, 2),
  clos("rail-optimized", 64, 4, 8, 3),
  clos("rail-optimized", 32, 2, 8, 3),
  clos("leaf-spine", 32, 4, 16),
  clos("leaf-spine", 16, 1, 8),
  clos("fat-tree", 32, 2, 8, 3),
);

const size = fc.constantFrom("1B", "10KiB", "64KiB", "300KB");

/** Who communicates: all GPUs of a node, one GPU of each of some nodes, or a node with another. */
const communicator = fc.record({
  who: fc.constantFrom("node", "node", "rail", "rail", "all", "pairs", "pairs"),
  collective: fc.constantFrom("all-reduce", "all-gather", "reduce-scatter", "all-to-all", "all-reduce"),
  /** Nodes of a rail that belong together; nodes that a pair is apart. */
  by: fc.constantFrom(1, 2, 4, 8),
  size,
  rendezvous: fc.boolean(),
});

const step = fc.record({
  kind: fc.constantFrom("compute", "operation", "operation", "operation", "event"),
  stream: fc.nat(2),
  to: fc.nat(2),
  communicator: fc.nat(3),
  signal: fc.constantFrom("a", "b"),
  duration: fc.constantFrom("0ns", "1ns", "83560ps", "5us", "40us"),
  ends: fc.constantFrom("delivered", "delivered", "sent", "acked"),
  times: fc.constantFrom(1, 1, 2, 3),
});

const drawn = fc.record({
  shape,
  communicators: fc.array(communicator, { minLength: 1, maxLength: 4 }),
  steps: fc.array(step, { minLength: 1, maxLength: 7 }),
  times: fc.constantFrom(1, 1, 2, 3),
  /** Nodes of a role of their own: every second one, the second half, one; or none. */
  apart: fc.constantFrom("none", "none", "half", "second", "one"),
  difference: fc.constantFrom("more", "start", "factor"),
  jitter: fc.constantFrom(0, 0, 0, 0, 0.1),
  window: fc.constantFrom("16KiB", "64KiB", "1MiB"),
  ackEvery: fc.constantFrom(1, 8),
  buffer: fc.constantFrom("64MiB", "64MiB", "2MiB"),
  policy: fc.constantFrom("pinned", "pinned", "pinned", "ecmp"),
  latency: fc.constantFrom("700ns", "0ns"),
});

type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;
type Communicator = typeof communicator extends fc.Arbitrary<infer T> ? T : never;

/** Programs over nodes and rails of clusters, as training steps have them, and stranger ones. */
export const clusterProgramPlan: fc.Arbitrary<RunPlan> = drawn
  .map(documentOf)
  .chain((document) => {
    const plan = tried(document);
    if (plan === undefined) return fc.constant(undefined);
    return fc.constant(Object.assign({ ...plan }, { [fc.toStringMethod]: () => JSON.stringify(document) }));
  })
  .filter((plan): plan is RunPlan & { [fc.toStringMethod]: () => string } => plan !== undefined);

function tried(document: Document): RunPlan | undefined {
  try {
    return planOf(document);
  } catch {
    return undefined;
  }
}

function documentOf(all: Drawn): Document {
  const { shape, communicators, apart, difference, jitter } = all;
  const { nodes, gpusPerNode } = shape;
  const steps = stepsOf(all, false);
  const isApart = (node: number) =>
    (apart === "half" && node >= nodes / 2) ||
    (apart === "second" && node % 2 === 1) ||
    (apart === "one" && node === 0);
  const gpus = (node: number) => Array.from({ length: gpusPerNode }, (_, i) => node * gpusPerNode + i);
  const others = Array.from({ length: nodes }, (_, node) => node)
    .filter(isApart)
    .flatMap(gpus);
  const manner = difference === "start" ? { start: "3us" } : difference === "factor" ? { computeFactor: 1.5 } : {};
  const more = difference === "more" ? stepsOf(all, true) : steps;
  const roles = [
    ...(others.length > 0 ? [{ name: "apart", ranks: others, ...manner, streams: more }] : []),
    { name: "usual", streams: steps, ...(jitter > 0 ? { jitter } : {}) },
  ];
  return {
    topology: shape.topology,
    routing: { policy: all.policy },
    transport: { window: all.window, ackEvery: all.ackEvery },
    switch: { buffer: all.buffer },
    nic: { latency: all.latency },
    workload: {
      kind: "program",
      communicators: communicators.map((each, i) => communicatorOf(each, i, shape)),
      roles,
      record: { ranks: [0, gpusPerNode], limit: 5 },
    },
  };
}

function communicatorOf({ who, collective, by, size: bytes, rendezvous }: Communicator, i: number, shape: Shape) {
  const { nodes, gpusPerNode } = shape;
  const name = `c${i}`;
  const ranks = Array.from({ length: nodes * gpusPerNode }, (_, rank) => rank);
  const nodeOf = (rank: number) => Math.floor(rank / gpusPerNode);
  const groupsBy = (key: (rank: number) => number) => {
    const groups = new Map<number, number[]>();
    for (const rank of ranks) groups.set(key(rank), [...(groups.get(key(rank)) ?? []), rank]);
    return [...groups.values()];
  };
  if (who === "pairs") {
    const apart = (by % nodes) * gpusPerNode;
    const pairs = ranks.map((rank) => [rank, (rank + apart) % ranks.length]);
    return { name, pairs, size: bytes, rendezvous };
  }
  const algorithm = collective === "all-to-all" ? "pairwise" : "ring";
  const rest = { name, collective, algorithm, size: bytes };
  if (who === "all") return rest;
  if (who === "node") return { ...rest, groups: groupsBy(nodeOf) };
  return {
    ...rest,
    groups: groupsBy((rank) => Math.floor(nodeOf(rank) / (2 * by)) * gpusPerNode + (rank % gpusPerNode)),
  };
}

function stepsOf({ steps, communicators, times }: Drawn, isMore: boolean) {
  const streamOf = (c: number) => c % 3;
  const streams = [0, 1, 2].map((stream) =>
    steps.flatMap((each): Document[] => {
      const c = each.communicator % communicators.length;
      if (each.kind === "compute") {
        return each.stream !== stream ? [] : [{ compute: isMore && each.times > 1 ? "7us" : each.duration }];
      }
      if (each.kind === "event") {
        return [
          ...(each.stream === stream ? [{ signal: each.signal }] : []),
          ...(each.to === stream ? [{ wait: each.signal }] : []),
        ];
      }
      if (streamOf(c) !== stream) return [];
      if (communicators[c]!.who !== "pairs") return [{ collective: `c${c}`, ends: each.ends }];
      return [{ send: `c${c}` }, { receive: `c${c}` }];
    }),
  );
  return streams
    .map((list) => ({ do: times > 1 && list.length > 0 ? [{ repeat: times, do: list }] : list }))
    .filter(({ do: list }) => list.length > 0);
}
