import { ALGORITHM_ROWS } from "../../plan/collectives.js";
import type { Sections } from "../schema/sections.js";
import type { FlowFiles, FlowTable } from "../types/flow-table.js";
import { allToAll, hotspot, incast, permutation, ringBoundary, shift } from "../types/patterns.js";
import type { FlowSpec, Workload } from "../types/scenario.js";
import { classIndex, hasSeveral, resolveClasses } from "./classes.js";
import { rankCount, rankNumbers } from "./ranks.js";

type WrittenFlows = Extract<Sections["workload"], { kind: "flows" }>;

/** Messages by list or by pattern: a workload of flows, or the background of a collective. */
export type WrittenMessages = Omit<WrittenFlows, "kind">;

/** GPUs that a node has. */
export function nodeSize(topology: Sections["topology"]): number {
  return topology.kind === "custom" ? 1 : topology.gpusPerNode;
}

/** The workload with its flows spelled out. The rules have been checked. */
export function resolveWorkload(sections: Sections, flowFiles: FlowFiles): Workload {
  const { workload, topology, seed, classes } = sections;
  const tableOf = ({ file }: WrittenMessages) => (file === undefined ? undefined : flowFiles(file));
  const classed = (messages: WrittenMessages) => {
    const table = tableOf(messages);
    return table === undefined
      ? inClasses(resolveFlows(messages, topology, seed), messages, classes)
      : flowsOfTable(table, messages, sections);
  };
  if (workload.kind === "flows") {
    const digest = tableOf(workload)?.digest;
    return { kind: "flows", flows: classed(workload), ...(digest !== undefined && { flowsDigest: digest }) };
  }
  const { background } = workload;
  const backgroundDigest = background && tableOf(background)?.digest;
  return {
    kind: "collective",
    collective: workload.collective,
    algorithm: workload.algorithm,
    sizeBytes: workload.size,
    chunkBytes: workload.chunk,
    channels: workload.channels ?? (ALGORITHM_ROWS[workload.algorithm].takesChannels ? nodeSize(topology) : 1),
    reductionDelayPs: workload.reductionDelay,
    ...(hasSeveral(classes) && { dataClass: classIndex(classes, workload.class) }),
    ...(background === undefined ? {} : { background: classed(background) }),
    ...(backgroundDigest !== undefined && { backgroundDigest }),
  };
}

function flowsOfTable(table: FlowTable, written: WrittenMessages, { topology, classes }: Sections): FlowSpec[] {
  const numberOf = rankNumbers(topology);
  const numbers = table.names.map((name) => numberOf(name)!);
  const rank = (value: number) => (value < 0 ? numbers[-1 - value]! : value);
  const { count, src, dst, bytes, startPs, dataClass } = table;
  const indexOf = hasSeveral(classes) ? table.classNames.map((name) => classIndex(classes, name)) : null;
  const common = hasSeveral(classes) ? classIndex(classes, written.class) : 0;
  const flows = new Array<FlowSpec>(count);
  for (let i = 0; i < count; i++) {
    const flow = { src: rank(src[i]!), dst: rank(dst[i]!), bytes: bytes[i]!, startPs: startPs[i]! };
    const own = dataClass[i]!;
    flows[i] = indexOf === null ? flow : { ...flow, dataClass: own < 0 ? common : indexOf[own]! };
  }
  return flows;
}

/** Flows with their classes: of a list each may have its own. */
function inClasses(flows: FlowSpec[], written: WrittenMessages, classes: Sections["classes"]): FlowSpec[] {
  if (!hasSeveral(classes)) return flows;
  const index = new Map(resolveClasses(classes).map(({ name }, i) => [name, i]));
  const common = classIndex(classes, written.class);
  return flows.map((flow, i) => {
    const own = written.flows?.[i]?.class;
    return { ...flow, dataClass: own === undefined ? common : index.get(own)! };
  });
}

function resolveFlows(written: WrittenMessages, topology: Sections["topology"], seed: number): FlowSpec[] {
  const numberOf = rankNumbers(topology);
  if (written.flows !== undefined) {
    return written.flows.map(({ src, dst, size, start }) => ({
      src: numberOf(src)!,
      dst: numberOf(dst)!,
      bytes: size,
      startPs: start,
    }));
  }
  const ranks = rankCount(topology);
  const message = { bytes: written.size!, startPs: written.start ?? 0 };
  switch (written.pattern!) {
    case "permutation":
      return permutation(ranks, written.seed ?? seed, message);
    case "incast":
      return incast(ranks, numberOf(written.target ?? 0)!, written.senders ?? ranks - 1, message);
    case "all-to-all":
      return allToAll(ranks, written.fanOut ?? ranks - 1, message);
    case "hotspot": {
      const senders = written.senders ?? eighth(ranks - 1);
      return hotspot(ranks, numberOf(written.target ?? 0)!, senders, written.seed ?? seed, message);
    }
    case "ring-boundary":
      return ringBoundary(ranks, written.group!, written.width ?? nodeSize(topology), message);
    case "ring":
      return shift(ranks, 1, message);
    case "shift":
      return shift(ranks, written.by ?? 1, message);
  }
}

function eighth(count: number): number {
  return Math.max(1, Math.round(count / 8));
}
