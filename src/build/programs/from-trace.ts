/** A trace of other programs as programs of its ranks, on a fabric. */
import type { CollectiveName } from "../../plan/collectives.js";
import type { Fabric } from "../../plan/fabric.js";
import { NodeKind, type ProgramGraph } from "../../plan/program-graph.js";
import type { Role } from "../../plan/programs.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { topologyFacts } from "../../scenario/types/topology-facts.js";
import type { TraceCommunicator, TraceRank, TraceWorkload } from "../../scenario/types/trace.js";
import { collectiveOf, type Site } from "../collective/index.js";
import { wayTimes } from "../collective/way.js";
import { type RankLayout, rankLayout } from "../ranks.js";
import { type ConnectedPrograms, type NewCommunicator, ProgramBuilder } from "./builder.js";
import { AlgorithmChoice, channelsOf } from "./choice.js";
import { message } from "./message.js";
import { overNics } from "./over-nics.js";
import { treeAllReduce } from "./tree.js";

/** Rank r of the trace is rank r of the fabric. Ranks that share a graph share a role. */
export function buildTrace(scenario: Scenario, fabric: Fabric, trace: TraceWorkload): ConnectedPrograms {
  const layout = rankLayout(scenario.topology, fabric);
  const builder = new ProgramBuilder();
  builder.job(scenario.name);
  for (const label of trace.labels) builder.label(label);
  const choice = new AlgorithmChoice(scenario);
  const site: Site = { scenario, wayPs: wayTimes(fabric, layout, scenario.nic) };
  for (const each of trace.communicators) builder.communicator(communicatorOf(each, site, choice, layout));
  const shared = new Map<ProgramGraph, number>();
  trace.ranks.forEach((each, rank) => {
    const known = each.slots && shared.get(each.graph);
    if (known !== undefined) {
      builder.rank({ rank, role: known, slots: each.slots! });
      return;
    }
    const { role, slots } = roleOf(each, trace.format);
    const number = builder.role(role);
    if (each.slots !== undefined) shared.set(each.graph, number);
    builder.rank({ rank, role: number, slots });
  });
  const { qpsPerConnection } = scenario.transport;
  return builder.connect({ layout, fabric, qpsPerConnection, isClassed: scenario.dataClasses !== undefined });
}

function communicatorOf(
  each: TraceCommunicator,
  site: Site,
  choice: AlgorithmChoice,
  layout: RankLayout,
): NewCommunicator {
  if (each.kind === "message") return { schedule: message(each.src, each.dst, each.bytes, each.rendezvous) };
  if (each.kind === "tree") {
    const schedule = treeAllReduce(each.parent, each.bytes, each.chunkBytes);
    return { schedule: each.nics === undefined ? schedule : overNics(schedule, each.nics, layout) };
  }
  if (each.kind === "ring") return ringOf(each, site, layout);
  const { ranks, root, algorithm } = each;
  const sizeBytes = each.collective === "barrier" ? 0 : Math.max(1, each.bytes);
  const collective: CollectiveName = each.collective;
  const chosen = algorithm === "auto" ? choice.of(collective, sizeBytes, ranks) : { algorithm };
  const { gpusPerNode } = topologyFacts(site.scenario.topology);
  return collectiveOf(site, {
    kind: "collective",
    collective,
    ...chosen,
    channels: channelsOf(chosen.algorithm, ranks, gpusPerNode),
    ...{ sizeBytes, root, repeat: 1, chunkBytes: null, reductionDelayPs: 0 },
    groups: [ranks],
  });
}

/** One ring in the order of its ranks, over the NICs that they use. */
function ringOf(ring: Extract<TraceCommunicator, { kind: "ring" }>, site: Site, layout: RankLayout): NewCommunicator {
  const { schedule } = collectiveOf(site, {
    kind: "collective",
    collective: ring.collective,
    algorithm: "ring",
    channels: 1,
    ...{ sizeBytes: Math.max(1, ring.bytes), root: 0, repeat: 1, reductionDelayPs: 0 },
    chunkBytes: ring.chunkBytes ?? null,
    groups: [ring.ranks],
  });
  return { schedule: ring.nics === undefined ? schedule : overNics(schedule, ring.nics, layout) };
}

/** The role of a rank, with slots in place of communicators. */
function roleOf(rank: TraceRank, name: string): { readonly role: Role; readonly slots: readonly number[] } {
  if (rank.slots !== undefined) return { role: roleWith(rank, rank.graph, rank.slots.length, name), slots: rank.slots };
  const { graph } = rank;
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
