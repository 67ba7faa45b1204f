import { ALGORITHM_ROWS, type AlgorithmName, COLLECTIVES } from "../../plan/collectives.js";
import type { Sections } from "../schema/sections.js";
import { allToAll, hotspot, incast, permutation, ringBoundary, shift } from "../types/patterns.js";
import type { FlowSpec, Workload } from "../types/scenario.js";
import { classIndex, hasSeveral, resolveClasses } from "./classes.js";
import { rankCount, rankNumbers } from "./ranks.js";
import { mostSent, sizeMatrix } from "./size-matrix.js";

type WrittenFlows = Extract<Sections["workload"], { kind: "flows" }>;
type WrittenCollective = Extract<Sections["workload"], { kind: "collective" }>;

/** Messages by list or by pattern: a workload of flows, or the background of a collective. */
export type WrittenMessages = Omit<WrittenFlows, "kind">;

/** GPUs that a node has. */
export function nodeSize(topology: Sections["topology"]): number {
  return topology.kind === "custom" ? 1 : topology.gpusPerNode;
}

/** The algorithm that is written, or the collective's default. */
export function algorithmOf({
  collective,
  algorithm,
}: Pick<WrittenCollective, "collective" | "algorithm">): AlgorithmName {
  return algorithm ?? COLLECTIVES[collective].algorithms[0]!;
}

/** The workload with its flows spelled out. The rules have been checked. */
export function resolveWorkload({ workload, topology, seed, classes }: Sections): Workload {
  const classed = (messages: WrittenMessages) => inClasses(resolveFlows(messages, topology, seed), messages, classes);
  if (workload.kind === "flows") return { kind: "flows", flows: classed(workload) };
  const { background } = workload;
  const algorithm = algorithmOf(workload);
  const sizes = workload.sizes === undefined ? undefined : sizeMatrix(workload.sizes);
  return {
    kind: "collective",
    collective: workload.collective,
    algorithm,
    sizeBytes: sizes === undefined ? (workload.size ?? 0) : mostSent(sizes),
    root: rankNumbers(topology)(workload.root ?? 0)!,
    ...(sizes !== undefined && { sizes }),
    repeat: workload.repeat,
    chunkBytes: workload.chunk,
    channels: workload.channels ?? (ALGORITHM_ROWS[algorithm].takesChannels ? nodeSize(topology) : 1),
    reductionDelayPs: workload.reductionDelay,
    ...(hasSeveral(classes) && { dataClass: classIndex(classes, workload.class) }),
    ...(background === undefined ? {} : { background: classed(background) }),
  };
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
