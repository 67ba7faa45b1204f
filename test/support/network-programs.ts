import { operationsPerSlot, type Programs } from "../../src/plan/programs.js";
import type { HostId, NetworkFlow, NetworkPrograms } from "./network-spec.js";

/** All flows of a network: those of its communicators, with all their operations, come last. */
export function withCommunicators(flows: readonly NetworkFlow[], programs: NetworkPrograms | undefined): NetworkFlow[] {
  if (programs === undefined) return [...flows];
  const all = [...flows];
  const operations = operationCounts(programs);
  programs.communicators.forEach((communicator, c) => {
    const first = all.length;
    for (const flow of communicator.flows) {
      const after = flow.after?.map((entry) => ({ ...entry, flow: entry.flow + first })) ?? [];
      all.push({ ...flow, chunks: (flow.chunks ?? 1) * operations[c]!, startPs: 0, after });
    }
  });
  return all;
}

/** Programs of a plan whose flow graph begins with `free` other flows. */
export function planPrograms(spec: NetworkPrograms, free: number, rankOf: (host: HostId) => number): Programs {
  const { communicators, labels, roles, ranks, recorded = [], recordLimit = 0 } = spec;
  const firstFlow = new Uint32Array(communicators.length + 1);
  firstFlow[0] = free;
  communicators.forEach(({ flows }, c) => {
    firstFlow[c + 1] = firstFlow[c]! + flows.length;
  });
  const slotFirst = new Uint32Array(ranks.length + 1);
  ranks.forEach(({ slots }, r) => {
    slotFirst[r + 1] = slotFirst[r]! + slots.length;
  });
  return {
    jobs: Array.from({ length: 1 + Math.max(0, ...ranks.map(({ job = 0 }) => job)) }, (_, job) => `job-${job}`),
    labels,
    roles,
    ranks: {
      count: ranks.length,
      rank: Uint32Array.from(ranks, ({ host }) => rankOf(host)),
      job: Uint16Array.from(ranks, ({ job = 0 }) => job),
      role: Uint32Array.from(ranks, ({ role }) => role),
      startPs: Float64Array.from(ranks, ({ startPs = 0 }) => startPs),
      computeFactor: Float64Array.from(ranks, ({ computeFactor = 1 }) => computeFactor),
      jitter: Float64Array.from(ranks, ({ jitter = 0 }) => jitter),
      slotFirst,
      slots: Uint32Array.from(ranks.flatMap(({ slots }) => slots)),
    },
    communicators: { count: communicators.length, firstFlow, operations: operationCounts(spec) },
    recorded,
    recordLimit,
  };
}

/** By communicator: operations that any rank takes part in, at most. */
function operationCounts({ communicators, roles, ranks }: NetworkPrograms): Uint32Array {
  const counts = new Uint32Array(communicators.length).fill(1);
  for (const { role, slots } of ranks) {
    const perSlot = operationsPerSlot(roles[role]!);
    slots.forEach((communicator, slot) => {
      counts[communicator] = Math.max(counts[communicator]!, perSlot[slot]!);
    });
  }
  return counts;
}
