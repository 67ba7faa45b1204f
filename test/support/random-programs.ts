import fc from "fast-check";
import { NodeKind } from "../../src/plan/program-graph.js";
import type { Instruction, OperationEnd, Role } from "../../src/plan/programs.js";
import { maybe } from "./maybe.js";
import type { HostId, NetworkFlow, NetworkProgramRank, NetworkPrograms, NetworkSpec } from "./network-spec.js";
import { asGraph } from "./random-graphs.js";

/** Communicators between ranks `0 … size - 1` of a list, whatever hosts these are on. */
interface Shape {
  readonly kind: "ring" | "chain" | "pair" | "all-to-all" | "fan" | "store-and-forward" | "rendezvous";
  readonly ranks: readonly number[];
  readonly chunks: number;
  readonly packets: number;
  readonly extraBytes: number;
  readonly lag: number;
  readonly delayPs: number;
  readonly nic: number;
}

/** A step of the script that all programs are projections of: so, in general, they fit together. */
type Step =
  | { readonly kind: "compute"; readonly who: number; readonly stream: number; readonly durationPs: number }
  | { readonly kind: "operation"; readonly communicator: number; readonly ends: OperationEnd }
  | {
      readonly kind: "event";
      readonly who: number;
      readonly from: number;
      readonly to: number;
      readonly signal: number;
    }
  | { readonly kind: "loop"; readonly count: number; readonly body: readonly Step[] };

/** All ranks, where not one of them. */
const EVERYONE = 7;
const STREAMS = 3;
const SIGNALS = 3;

const shape: fc.Arbitrary<Shape> = fc.record({
  kind: fc.constantFrom(
    "ring",
    "ring",
    "chain",
    "pair",
    "pair",
    "all-to-all",
    "fan",
    "store-and-forward",
    "rendezvous",
  ),
  ranks: fc.uniqueArray(fc.nat(5), { minLength: 2, maxLength: 5 }),
  chunks: fc.constantFrom(1, 1, 2, 3),
  packets: fc.constantFrom(0, 0, 1, 1, 2, 3, 9),
  extraBytes: fc.constantFrom(0, 1, 77),
  lag: fc.constantFrom(0, 1, 2),
  delayPs: fc.constantFrom(0, 0, 300_000, 5_000_000),
  nic: fc.nat(3),
});

/** From nothing, or less than a packet takes, to far more than a message does. */
const durationPs = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0, 0, 1, 1000, 83_560, 700_000, 1_000_000) },
  { weight: 3, arbitrary: fc.nat(10_000_000) },
  { weight: 1, arbitrary: fc.nat(1_000_000_000) },
);

const who = fc.oneof(fc.constant(EVERYONE), fc.nat(5));
const stream = fc.nat(STREAMS - 1);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("compute" as const), who, stream, durationPs }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("operation" as const),
      communicator: fc.nat(3),
      ends: fc.constantFrom("delivered", "delivered", "sent", "acked"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("event" as const),
      who,
      from: stream,
      to: stream,
      signal: fc.nat(SIGNALS - 1),
    }),
  },
);

const loop = (body: fc.Arbitrary<Step>): fc.Arbitrary<Step> =>
  fc.record({
    kind: fc.constant("loop" as const),
    count: fc.constantFrom(1, 2, 3),
    body: fc.array(body, { minLength: 1, maxLength: 3 }),
  });

const script = fc.array(
  fc.oneof({ weight: 4, arbitrary: step }, { weight: 2, arbitrary: loop(fc.oneof(step, loop(step))) }),
  { minLength: 1, maxLength: 6 },
);

/** A rank that does what the others do, later or slower. */
const manner = fc.record({
  host: fc.nat(63),
  startPs: fc.constantFrom(0, 0, 0, 1, 1_000_000, 40_000_000),
  computeFactor: fc.constantFrom(1, 1, 0.5, 1.3, 10),
  jitter: fc.constantFrom(0, 0, 0.1, 1),
});

export const randomPrograms = fc.record({
  shapes: fc.array(shape, { minLength: 1, maxLength: 4 }),
  script,
  manners: fc.array(manner, { minLength: 1, maxLength: 6 }),
  rankCount: fc.integer({ min: 2, max: 6 }),
  /** Two jobs do the same at once, on the same hosts or others. */
  jobs: fc.constantFrom(1, 1, 1, 2),
  /** Which instruction of which stream is missing: the programs do not fit together then. */
  missing: maybe(2, fc.record({ role: fc.nat(), stream, at: fc.nat() })),
  recordLimit: fc.constantFrom(0, 3, 100),
  streamSeed: fc.nat(),
  /** Roles whose programs are graphs: none, all, or every other one. */
  graphs: fc.constantFrom("none", "all", "some"),
  graphSeed: fc.nat(),
});

type RandomPrograms = typeof randomPrograms extends fc.Arbitrary<infer T> ? T : never;

const MAX_PACKETS = 400;

/** Lets the hosts of a network run random programs besides what else it does. */
export function withPrograms(spec: NetworkSpec, random: RandomPrograms): NetworkSpec {
  const { shapes, manners, jobs, recordLimit } = random;
  const ranks = Array.from({ length: random.rankCount }, (_, i) => manners[i % manners.length]!);
  const hostOf = (rank: number, job: number) => {
    const { host } = ranks[rank]!;
    return spec.hosts[(host + rank + job) % spec.hosts.length]!;
  };
  const roles: Role[] = [];
  const programRanks: NetworkProgramRank[] = [];
  const communicators: NetworkPrograms["communicators"][number][] = [];
  const used = usedIn(random.script, shapes.length);
  for (let job = 0; job < jobs; job++) {
    const first = communicators.length;
    const bound = shapes.map((each) => bind(each, random.rankCount, (rank) => hostOf(rank, job)));
    bound.forEach(({ ranks, shape: each }, c) => {
      communicators.push({ flows: used.has(c) ? flowsOf(spec, each, ranks) : [] });
    });
    ranks.forEach((manner, rank) => {
      const slots = bound.flatMap((communicator, c) => (communicator.numbers.includes(rank) ? [c] : []));
      const role = roleOf(random, rank, slots);
      let number = roles.findIndex((known) => JSON.stringify(known) === JSON.stringify(role));
      if (number < 0) number = roles.push(role) - 1;
      const { startPs, computeFactor, jitter } = manner;
      const host = hostOf(rank, job);
      programRanks.push({
        host,
        role: number,
        slots: slots.map((c) => c + first),
        job,
        startPs,
        computeFactor,
        jitter,
      });
    });
  }
  const programs: NetworkPrograms = {
    communicators,
    labels: [...shapes.map((_, c) => `operation ${c}`), "compute"],
    roles: withoutOne(roles, random.missing).map((role, number) => {
      const isGraph = random.graphs === "all" || (random.graphs === "some" && number % 2 === 1);
      return isGraph ? asGraph(role, random.graphSeed + number) : role;
    }),
    ranks: programRanks,
    recorded: [0, programRanks.length - 1],
    recordLimit,
  };
  return { ...spec, flows: spec.flows.slice(0, 4).map(independent), programs: lightened(programs) };
}

/** Communicators with operations. */
function usedIn(steps: readonly Step[], count: number): Set<number> {
  return new Set(
    steps.flatMap((each) => {
      if (each.kind === "loop") return [...usedIn(each.body, count)];
      return each.kind === "operation" ? [each.communicator % count] : [];
    }),
  );
}

/** A flow that waits for none, since those may be gone. */
function independent(flow: NetworkFlow): NetworkFlow {
  return { ...flow, after: [] };
}

/** Takes the ranks of a shape that there are, on different hosts. */
function bind(each: Shape, rankCount: number, hostOf: (rank: number) => HostId) {
  const numbers: number[] = [];
  for (const rank of each.ranks) {
    const number = rank % rankCount;
    if (!numbers.some((known) => known === number || hostOf(known) === hostOf(number))) numbers.push(number);
  }
  return { shape: each, numbers, ranks: numbers.map(hostOf) };
}

function flowsOf(spec: NetworkSpec, each: Shape, hosts: readonly HostId[]): NetworkFlow[] {
  const { kind, chunks, lag, delayPs } = each;
  const mtuBytes = Math.min(...spec.links.map((link) => link.mtuBytes ?? 4096));
  const bytes = Math.max(1, each.packets * mtuBytes + each.extraBytes);
  const nicOf = (host: HostId) => {
    const nics = spec.links.filter(({ a, b, isScaleUp }) => (a === host || b === host) && isScaleUp !== true).length;
    return each.nic % nics;
  };
  const flow = (src: HostId, dst: HostId, after: NetworkFlow["after"] = []): NetworkFlow => {
    const dataClass = spec.dataClasses === undefined ? {} : { dataClass: (src + dst) % spec.dataClasses.length };
    return { src, dst, srcNic: nicOf(src), dstNic: nicOf(dst), bytes, chunks, delayPs, ...dataClass, after };
  };
  const chunksOf = (place: number, count: number) => (place < count / 2 ? chunks : chunks + 1);
  const n = hosts.length;
  if (n < 2) return [];
  const pairs = hosts.slice(1).map((dst, i) => [hosts[i]!, dst] as const);
  switch (kind) {
    case "ring":
      return hosts.map((src, i) => flow(src, hosts[(i + 1) % n]!, [{ flow: (i + n - 1) % n, lag: Math.max(1, lag) }]));
    case "chain":
      return pairs.map(([src, dst], i) => flow(src, dst, i === 0 ? [] : [{ flow: i - 1, lag }]));
    case "store-and-forward":
      // The whole message first; with another number of chunks on the way back.
      return [...pairs, ...pairs.map(([src, dst]) => [dst, src] as const).reverse()].map(([src, dst], i, all) => ({
        ...flow(src, dst, i === 0 ? [] : [{ flow: i - 1, lag: 1 - chunksOf(i - 1, all.length) }]),
        chunks: chunksOf(i, all.length),
      }));
    case "pair":
      return [flow(hosts[0]!, hosts[1]!)];
    case "all-to-all":
      return hosts.flatMap((src) => hosts.filter((dst) => dst !== src).map((dst) => flow(src, dst)));
    case "fan":
      return [
        ...hosts.slice(1).map((src) => flow(src, hosts[0]!)),
        ...hosts.slice(1).map((dst) =>
          flow(
            hosts[0]!,
            dst,
            hosts.slice(1).map((_, i) => ({ flow: i, lag })),
          ),
        ),
      ];
    case "rendezvous":
      return [
        { ...flow(hosts[1]!, hosts[0]!), bytes: 1, chunks: 1 },
        flow(hosts[0]!, hosts[1]!, [{ flow: 0, lag: 0 }]),
      ];
  }
}

/** What the script asks of a rank whose slots are bound to some communicators. */
function roleOf({ script, streamSeed, shapes }: RandomPrograms, rank: number, slots: readonly number[]): Role {
  const streamOf = (communicator: number) => (communicator * 5 + streamSeed) % STREAMS;
  const isMeant = (who: number) => who === EVERYONE || who === rank;
  const project = (steps: readonly Step[], stream: number) => steps.flatMap((each) => instructionsOf(each, stream));
  const instructionsOf = (each: Step, stream: number): Instruction[] => {
    if (each.kind === "loop") {
      const body = project(each.body, stream);
      return body.length === 0 ? [] : [{ kind: "loop", count: each.count, body }];
    }
    if (each.kind === "operation") {
      const communicator = each.communicator % shapes.length;
      const slot = slots.indexOf(communicator);
      const isHere = slot >= 0 && streamOf(communicator) === stream;
      return isHere ? [{ kind: "operation", slot, ends: each.ends, label: communicator }] : [];
    }
    if (!isMeant(each.who)) return [];
    if (each.kind === "compute") {
      const { durationPs } = each;
      return each.stream === stream ? [{ kind: "compute", durationPs, label: shapes.length }] : [];
    }
    const { signal } = each;
    const instructions: Instruction[] = [];
    if (each.from === stream) instructions.push({ kind: "signal", signal });
    if (each.to === stream) instructions.push({ kind: "wait", signal });
    return instructions;
  };
  const streams = Array.from({ length: STREAMS }, (_, stream) => ({
    name: `stream ${stream}`,
    instructions: project(script, stream),
  }));
  return { name: "role", streams, signalCount: SIGNALS, slotCount: slots.length };
}

function withoutOne(roles: readonly Role[], missing: RandomPrograms["missing"]): Role[] {
  if (missing === undefined) return [...roles];
  return roles.map((role, number) => {
    if (number !== missing.role % roles.length) return role;
    const streams = role.streams.map((each, s) => {
      const { instructions } = each;
      if (s !== missing.stream || instructions.length === 0) return each;
      return { ...each, instructions: instructions.filter((_, i) => i !== missing.at % instructions.length) };
    });
    return { ...role, streams };
  });
}

/** Makes messages smaller where all operations together would take too long. */
function lightened(programs: NetworkPrograms): NetworkPrograms {
  const inside = (steps: readonly Instruction[]): number =>
    steps.reduce((sum, each) => {
      if (each.kind === "loop") return sum + each.count * inside(each.body);
      return sum + (each.kind === "operation" ? 1 : 0);
    }, 0);
  const ofRole = (role: Role) =>
    role.graph === undefined
      ? role.streams.map(({ instructions }) => inside(instructions))
      : [role.graph.kind.filter((kind) => kind === NodeKind.operation).length];
  const most = Math.max(0, ...programs.roles.flatMap(ofRole));
  const chunks = programs.communicators.flatMap(({ flows }) => flows).reduce((sum, f) => sum + (f.chunks ?? 1), 0);
  const share = MAX_PACKETS / Math.max(1, most * chunks);
  const communicators = programs.communicators.map(({ flows }) => ({
    flows: flows.map((flow) => ({ ...flow, bytes: Math.max(1, Math.min(flow.bytes, Math.floor(share * 4096))) })),
  }));
  return { ...programs, communicators };
}
