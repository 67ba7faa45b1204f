import fc from "fast-check";
import { whyNot } from "../../src/engine/symmetry/support.js";
import type { RunPlan } from "../../src/plan/plan.js";
import { describePlan } from "../support/describe-plan.js";
import { buildPlan } from "../support/network.js";
import type { NetworkFlow, NetworkLink, NetworkPrograms, NetworkSpec } from "../support/network-spec.js";
import { randomNetwork } from "../support/random-plan.js";
import { randomPrograms, withPrograms } from "../support/random-programs.js";

/** Numbers of hosts and switches of one copy and of the next are so far apart. */
const APART = 1000;
/** A switch that all copies are linked to. */
const MIDDLE = 999_999;

export interface Copying {
  readonly copies: number;
  /**
   * A host of each copy sends to that of the next over a switch in the middle, and the last to the
   * first.
   */
  readonly around: {
    readonly host: number;
    readonly bytes: number;
    readonly chunks: number;
    readonly lag: number;
  } | null;
  /** Nothing that is random, and no time limit, so that copies are alike. */
  readonly tame: boolean;
}

/** A network several times over. */
export function copied(spec: NetworkSpec, { copies, around, tame }: Copying): NetworkSpec {
  const numbers = Array.from({ length: copies }, (_, copy) => copy);
  const move = (id: number, copy: number) => id + copy * APART;
  const one = tame ? padded(tamed(spec)) : spec;
  const flows = numbers.flatMap((copy) =>
    one.flows.map((flow, i) => ({
      ...flow,
      src: move(flow.src, copy),
      dst: move(flow.dst, copy),
      connection: (flow.connection ?? i) * copies + copy,
      after: (flow.after ?? []).map((entry) => ({ ...entry, flow: entry.flow + copy * one.flows.length })),
    })),
  );
  const many: NetworkSpec = {
    ...one,
    hosts: numbers.flatMap((copy) => one.hosts.map((id) => move(id, copy))),
    // Ranges are of the addresses of the first copy.
    switches: numbers.flatMap((copy) => one.switches.map(({ range: _, ...sw }) => ({ ...sw, id: move(sw.id, copy) }))),
    links: numbers.flatMap((copy) =>
      one.links.map((link) => ({ ...link, a: move(link.a, copy), b: move(link.b, copy) })),
    ),
    flows,
    ...(typeof one.nicLatencyPs === "object"
      ? { nicLatencyPs: numbers.flatMap(() => one.nicLatencyPs as number[]) }
      : {}),
    ...(one.programs && { programs: copiedPrograms(one.programs, numbers, move) }),
    stalls: numbers.flatMap((copy) => (one.stalls ?? []).map((stall) => ({ ...stall, host: move(stall.host, copy) }))),
  };
  return around === null ? many : joined(many, one, around, copies);
}

function copiedPrograms(
  programs: NetworkPrograms,
  copies: readonly number[],
  move: (id: number, copy: number) => number,
): NetworkPrograms {
  const { communicators, ranks, recorded = [] } = programs;
  return {
    ...programs,
    communicators: copies.flatMap((copy) =>
      communicators.map(({ flows }) => ({
        flows: flows.map((flow) => ({ ...flow, src: move(flow.src, copy), dst: move(flow.dst, copy) })),
      })),
    ),
    ranks: copies.flatMap((copy) =>
      ranks.map((rank) => ({
        ...rank,
        host: move(rank.host, copy),
        slots: rank.slots.map((communicator) => communicator + copy * communicators.length),
      })),
    ),
    recorded: copies.flatMap((copy) => recorded.map((rank) => rank + copy * ranks.length)),
  };
}

function withoutJitter({ ranks, ...programs }: NetworkPrograms): NetworkPrograms {
  return { ...programs, ranks: ranks.map((rank) => ({ ...rank, jitter: 0 })) };
}

function tamed({ ecn: _, stalls: __, timeLimitPs: ___, ...spec }: NetworkSpec): NetworkSpec {
  const { policy } = spec.routing ?? {};
  const isRandom = policy !== undefined && !["ecmp", "ecmp-qp", "pinned"].includes(policy);
  return {
    ...spec,
    // Hashes differ from copy to copy.
    routing: { ...spec.routing, policy: isRandom || (spec.seed ?? 0) % 4 !== 0 ? "pinned" : policy! },
    links: spec.links.map(({ hazardPerByte: _, ...link }) => link),
    ...(spec.programs && { programs: withoutJitter(spec.programs) }),
    // What gets stuck, and pauses again and again, must end.
    ...(___ !== undefined ? { timeLimitPs: 1e9 } : {}),
  };
}

/** Adds hosts that send nothing, so that `pinned` finds the same in the addresses of each copy. */
function padded(spec: NetworkSpec): NetworkSpec {
  const isHost = (id: number) => spec.hosts.includes(id);
  const nics = spec.links
    .filter(({ isScaleUp }) => isScaleUp !== true)
    .reduce((sum, { a, b }) => sum + Number(isHost(a)) + Number(isHost(b)), 0);
  const more = Array.from({ length: PADDING - (nics % PADDING) }, (_, i) => FIRST_PADDING + i);
  const link = spec.links.find(({ a, b, isScaleUp }) => isScaleUp !== true && !(isHost(a) && isHost(b)));
  if (link === undefined) return spec;
  const { a, b, ...direction } = link;
  const { nicLatencyPs } = spec;
  return {
    ...spec,
    hosts: [...spec.hosts, ...more],
    links: [...spec.links, ...more.map((host) => ({ ...direction, a: host, b: isHost(a) ? b : a }))],
    ...(typeof nicLatencyPs === "object" ? { nicLatencyPs: [...nicLatencyPs, ...more.map(() => 0)] } : {}),
  };
}

const PADDING = 12;
const FIRST_PADDING = 500;

function joined(
  many: NetworkSpec,
  one: NetworkSpec,
  around: NonNullable<Copying["around"]>,
  copies: number,
): NetworkSpec {
  const host = one.hosts[around.host % one.hosts.length]!;
  const nic = one.links.filter(({ a, b }) => a === host || b === host).length;
  const { rateBps, propagationPs, mtuBytes } = one.links[0]!;
  const links = Array.from(
    { length: copies },
    (_, copy): NetworkLink => ({
      ...{ a: host + copy * APART, b: MIDDLE, rateBps, propagationPs },
      ...(mtuBytes === undefined ? {} : { mtuBytes }),
    }),
  );
  const { length } = many.flows;
  const flows = Array.from({ length: copies }, (_, copy): NetworkFlow => {
    const before = (copy + copies - 1) % copies;
    // Some wait for what comes from the own copy, too.
    const own = one.flows.findIndex(({ dst }) => dst === host);
    return {
      ...{ src: host + copy * APART, dst: host + ((copy + 1) % copies) * APART, srcNic: nic, dstNic: nic },
      ...{ bytes: around.bytes, chunks: around.chunks, connection: length + copy + copies * length },
      after: [
        { flow: length + before, lag: around.lag },
        ...(own >= 0 && around.lag > 1 ? [{ flow: copy * one.flows.length + own, lag: 0 }] : []),
      ],
    };
  });
  const { range: _, ...rules } = one.switches[0]!;
  return {
    ...many,
    switches: [...many.switches, { ...rules, id: MIDDLE, bufferBytes: 16 * 2 ** 20, lossless: true }],
    links: [...many.links, ...links],
    flows: [...many.flows, ...flows],
  } as NetworkSpec;
}

const copying = fc.record({
  copies: fc.integer({ min: 2, max: 5 }),
  around: fc.option(
    fc.record({
      host: fc.nat(63),
      bytes: fc.constantFrom(1, 5000, 40_000),
      chunks: fc.integer({ min: 1, max: 8 }),
      lag: fc.integer({ min: 1, max: 3 }),
    }),
  ),
  tame: fc.constantFrom(true, true, true, false),
});

/** Plans of which parts are alike, and what they are made of. */
export const copiedPlan: fc.Arbitrary<RunPlan> = fc
  .tuple(randomNetwork(), copying)
  .map(([spec, how]) => printed(copied(spec, how)));

/** The same of networks whose hosts run programs. */
const anyCopiedPrograms: fc.Arbitrary<RunPlan> = fc
  .tuple(randomNetwork(), randomPrograms, copying)
  .map(([spec, programs, how]) => printed(copied(withPrograms(spec, programs), how)));

/** Most of them use nothing that rules symmetry out, which half of all networks do. */
export const copiedProgramPlan: fc.Arbitrary<RunPlan> = fc.oneof(
  { weight: 4, arbitrary: anyCopiedPrograms.filter((plan) => whyNot(plan) === null) },
  { weight: 1, arbitrary: anyCopiedPrograms },
);

function printed(all: NetworkSpec): RunPlan {
  const plan = buildPlan(all);
  const print = () => `buildPlan(${JSON.stringify(all)})\n${describePlan(plan)}\n`;
  return Object.assign(plan, { [fc.toStringMethod]: print });
}
