/** Programs of a workload that was read from files. */
import type { CollectiveName } from "../../plan/collectives.js";
import { NodeKind, type ProgramGraph } from "../../plan/program-graph.js";
import type { Role } from "../../plan/programs.js";
import type { CollectiveWorkload } from "../../scenario/types/scenario.js";
import { topologyFacts } from "../../scenario/types/topology-facts.js";
import type { TraceCommunicator, TraceRank, TraceWorkload } from "../../scenario/types/trace.js";
import { collectiveOf, type Site } from "../collective/index.js";
import type { RankLayout } from "../ranks.js";
import type { NewCommunicator } from "./builder.js";
import { AlgorithmChoice, channelsOf } from "./choice.js";
import { message } from "./message.js";
import { overNics } from "./over-nics.js";
import { type JobPlace, onFabric, type Place } from "./place.js";
import { treeAllReduce } from "./tree.js";

/**
 * Adds the roles, ranks and communicators of a trace. Rank r of the trace is rank r of the job.
 * Ranks that share a graph share a role.
 */
export function addTrace({ builder, site, network: { layout } }: Place, job: JobPlace<TraceWorkload>): void {
  const { workload: trace, number, ranks, startPs } = job;
  const labels = trace.labels.map((label) => builder.label(label, number));
  const ground: Ground = { site, choice: new AlgorithmChoice(site.scenario), layout, jobRanks: ranks };
  const communicators = trace.communicators.map((each) =>
    builder.communicator(onFabric(communicatorOf(each, ground), job)),
  );
  const shared = new Map<ProgramGraph, number>();
  trace.ranks.forEach((each, r) => {
    const known = each.slots && shared.get(each.graph);
    const own = known === undefined ? roleOf(each, trace.format, labels) : null;
    const role = own === null ? known! : builder.role(own.role);
    if (each.slots !== undefined) shared.set(each.graph, role);
    const slots = (own?.slots ?? each.slots!).map((communicator) => communicators[communicator]!);
    builder.rank({ rank: ranks?.[r] ?? r, job: number, role, slots, startPs });
  });
}

/** What communicators are built on. */
interface Ground {
  readonly site: Site;
  readonly choice: AlgorithmChoice;
  readonly layout: RankLayout;
  /** Ranks of the fabric by rank of the trace; left out where they are the same. */
  readonly jobRanks: readonly number[] | undefined;
}

/** A communicator between ranks of the trace. */
function communicatorOf(each: TraceCommunicator, ground: Ground): NewCommunicator {
  const { site, choice, jobRanks } = ground;
  if (each.kind === "message") return { schedule: message(each.src, each.dst, each.bytes, each.rendezvous) };
  if (each.kind === "tree") {
    const schedule = treeAllReduce(each.parent, each.bytes, each.chunkBytes);
    return { schedule: each.nics === undefined ? schedule : overNics(schedule, each.nics, ground) };
  }
  if (each.kind === "ring") return ringOf(each, ground);
  const { ranks, root, algorithm } = each;
  const sizeBytes = each.collective === "barrier" ? 0 : Math.max(1, each.bytes);
  const collective: CollectiveName = each.collective;
  const members = jobRanks === undefined ? ranks : ranks.map((rank) => jobRanks[rank]!);
  const chosen = algorithm === "auto" ? choice.of(collective, sizeBytes, members) : { algorithm };
  const { gpusPerNode } = topologyFacts(site.scenario.topology);
  const workload: CollectiveWorkload = {
    kind: "collective",
    collective,
    ...chosen,
    channels: channelsOf(chosen.algorithm, members, gpusPerNode),
    ...{ sizeBytes, root, repeat: 1, chunkBytes: null, reductionDelayPs: 0 },
    groups: [ranks],
  };
  return collectiveOf(site, workload, jobRanks);
}

/** One ring in the order of its ranks, over the NICs that they use. */
function ringOf(ring: Extract<TraceCommunicator, { kind: "ring" }>, ground: Ground): NewCommunicator {
  const workload: CollectiveWorkload = {
    kind: "collective",
    collective: ring.collective,
    algorithm: "ring",
    channels: 1,
    ...{ sizeBytes: Math.max(1, ring.bytes), root: 0, repeat: 1, reductionDelayPs: 0 },
    chunkBytes: ring.chunkBytes ?? null,
    groups: [ring.ranks],
  };
  const { schedule } = collectiveOf(ground.site, workload, ground.jobRanks);
  return { schedule: ring.nics === undefined ? schedule : overNics(schedule, ring.nics, ground) };
}

/**
 * The role of a rank, with slots in place of communicators.
 * @param labels numbers of the trace's labels in the plan
 */
function roleOf(
  rank: TraceRank,
  name: string,
  labels: readonly number[],
): { readonly role: Role; readonly slots: readonly number[] } {
  const isSame = labels.every((label, i) => label === i);
  const graph = isSame ? rank.graph : { ...rank.graph, label: rank.graph.label.map((label) => labels[label]!) };
  if (rank.slots !== undefined) return { role: roleWith(rank, graph, rank.slots.length, name), slots: rank.slots };
  const slotOf = new Map<number, number>();
  const operand = graph.operand.slice();
  for (let n = 0; n < graph.count; n++) {
    if (graph.kind[n] !== NodeKind.operation) continue;
    const communicator = graph.operand[n]!;
    const slot = slotOf.get(communicator) ?? slotOf.size;
    slotOf.set(communicator, slot);
    operand[n] = slot;
  }
  return { role: roleWith(rank, { ...graph, operand }, slotOf.size, name), slots: [...slotOf.keys()] };
}

function roleWith({ lanes, signals }: TraceRank, graph: ProgramGraph, slotCount: number, name: string): Role {
  return {
    name,
    streams: lanes.map((lane) => ({ name: lane, instructions: [] })),
    signalCount: lanes.length + graph.exclusive + signals.length,
    ...{ signals, slotCount, graph },
  };
}
