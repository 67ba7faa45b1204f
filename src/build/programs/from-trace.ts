/** A trace of other programs as programs of its ranks, on a fabric. */
import type { CollectiveName } from "../../plan/collectives.js";
import type { Fabric } from "../../plan/fabric.js";
import { NodeKind } from "../../plan/program-graph.js";
import type { Role } from "../../plan/programs.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import type { TraceCommunicator, TraceRank, TraceWorkload } from "../../scenario/types/trace.js";
import { collectiveOf, type Site } from "../collective/index.js";
import { wayTimes } from "../collective/way.js";
import { rankLayout } from "../ranks.js";
import { type ConnectedPrograms, type NewCommunicator, ProgramBuilder } from "./builder.js";
import { AlgorithmChoice } from "./choice.js";
import { message } from "./message.js";

/** Rank r of the trace is rank r of the fabric, with a role of its own. */
export function buildTrace(scenario: Scenario, fabric: Fabric, trace: TraceWorkload): ConnectedPrograms {
  const layout = rankLayout(scenario.topology, fabric);
  const builder = new ProgramBuilder();
  builder.job(scenario.name);
  for (const label of trace.labels) builder.label(label);
  const choice = new AlgorithmChoice(scenario);
  const site: Site = { scenario, wayPs: wayTimes(fabric, layout, scenario.nic) };
  for (const each of trace.communicators) builder.communicator(communicatorOf(each, site, choice));
  trace.ranks.forEach((each, rank) => {
    const { role, slots } = roleOf(each, trace.format);
    builder.rank({ rank, role: builder.role(role), slots });
  });
  const { qpsPerConnection } = scenario.transport;
  return builder.connect({ layout, fabric, qpsPerConnection, isClassed: scenario.dataClasses !== undefined });
}

function communicatorOf(each: TraceCommunicator, site: Site, choice: AlgorithmChoice): NewCommunicator {
  if (each.kind === "message") return { schedule: message(each.src, each.dst, each.bytes, each.rendezvous) };
  const { ranks, root, algorithm } = each;
  const sizeBytes = each.collective === "barrier" ? 0 : Math.max(1, each.bytes);
  const collective: CollectiveName = each.collective;
  return collectiveOf(site, {
    kind: "collective",
    collective,
    ...(algorithm === "auto" ? choice.of(collective, sizeBytes, ranks) : { algorithm }),
    ...{ sizeBytes, root, repeat: 1, chunkBytes: null, channels: 1, reductionDelayPs: 0 },
    groups: [ranks],
  });
}

/** The role of a rank, with slots in place of communicators. */
function roleOf({ graph, lanes, signals }: TraceRank, name: string): { readonly role: Role; readonly slots: number[] } {
  const slotOf = new Map<number, number>();
  const operand = graph.operand.slice();
  for (let n = 0; n < graph.count; n++) {
    if (graph.kind[n] !== NodeKind.operation) continue;
    const communicator = graph.operand[n]!;
    const slot = slotOf.get(communicator) ?? slotOf.size;
    slotOf.set(communicator, slot);
    operand[n] = slot;
  }
  const role: Role = {
    name,
    streams: lanes.map((lane) => ({ name: lane, instructions: [] })),
    signalCount: lanes.length + graph.exclusive + signals.length,
    signals,
    slotCount: slotOf.size,
    graph: { ...graph, operand },
  };
  return { role, slots: [...slotOf.keys()] };
}
