import { ALGORITHM_ROWS, type AlgorithmName, COLLECTIVES } from "../../plan/collectives.js";
import type { Path } from "../../util/document-path.js";
import type { Sections } from "../schema/sections.js";
import { MAX_CHANNELS } from "../schema/workload.js";
import { type Choice, choose, tunedName } from "../tuning/choose.js";
import { hardwareOf } from "../tuning/hardware.js";
import { tunedSystem } from "../tuning/system.js";
import { readTuner, type TunerRow, tunerRow } from "../tuning/tuner-file.js";
import type { FlowFiles, FlowTable } from "../types/flow-table.js";
import { allToAll, hotspot, incast, permutation, ringBoundary, shift } from "../types/patterns.js";
import { gpusPerNodeOf } from "../types/placement.js";
import { type PoissonArrivals, poisson } from "../types/poisson.js";
import type { CollectiveWorkload, FlowSpec, PlainWorkload } from "../types/scenario.js";
import { SIZE_DISTRIBUTIONS, type SizeDistribution, type SizeDistributionName } from "../types/size-distributions.js";
import { mostSent, sizeMatrix } from "../types/size-matrix.js";
import { topologyFacts } from "../types/topology-facts.js";
import { classIndex, hasSeveral, inOrder } from "./classes.js";
import { resolveLinks } from "./links.js";
import { rankCount, rankNumbers, type WrittenRank } from "./ranks.js";
import { hasScaleUp, resolveTopology } from "./topology.js";

type WrittenCollective = Extract<Sections["workload"], { kind: "collective" }>;
type WrittenFlows = Extract<Sections["workload"], { kind: "flows" }>;

/** Messages by list or by pattern: a workload of flows, or the background of a collective. */
export type WrittenMessages = Omit<WrittenFlows, "kind">;

/** Messages, and the place in the document where they are written. */
export interface PlacedMessages {
  readonly messages: WrittenMessages;
  readonly path: Path;
}

/** Messages of a workload: a list of flows has its own, a collective those of its background. */
export function messagesOf(workload: Sections["workload"]): PlacedMessages | undefined {
  if (workload.kind === "flows") return { messages: workload, path: ["workload"] };
  const background = workload.kind === "collective" ? workload.background : undefined;
  return background && { messages: background, path: ["workload", "background"] };
}

/** GPUs that a node has. */
export function nodeSize(topology: Sections["topology"]): number {
  return topologyFacts(topology).gpusPerNode;
}

/** The algorithm that is written, or the collective's default. */
export function writtenAlgorithm({
  collective,
  algorithm,
}: Pick<WrittenCollective, "collective" | "algorithm">): AlgorithmName | "auto" {
  return algorithm ?? COLLECTIVES[collective].algorithms[0]!;
}

/** Sections with what one of several jobs may do as their workload. */
export type JobSections = Omit<Sections, "workload"> & {
  readonly workload: Exclude<Sections["workload"], { kind: "program" | "training-step" | "trace" }>;
  /** The workload is what a communicator of a program does. */
  readonly isProgram?: boolean;
};

/** The workload with its flows spelled out. The rules have been checked. */
export function resolveWorkload(sections: JobSections, flowFiles: FlowFiles = () => undefined): PlainWorkload {
  const { workload, topology, classes } = sections;
  const tableOf = ({ file }: WrittenMessages) => (file === undefined ? undefined : flowFiles(file));
  const classed = (messages: WrittenMessages) => {
    const table = tableOf(messages);
    return table === undefined
      ? inClasses(resolveFlows(messages, sections), messages, classes)
      : flowsOfTable(table, messages, sections);
  };
  if (workload.kind === "flows") {
    const digest = tableOf(workload)?.digest;
    return { kind: "flows", flows: classed(workload), ...(digest !== undefined && { flowsDigest: digest }) };
  }
  const { background, ranks } = workload;
  const backgroundDigest = background && tableOf(background)?.digest;
  const sizes = workload.sizes === undefined ? undefined : sizeMatrix(workload.sizes);
  const sizeBytes = sizes === undefined ? (workload.size ?? 0) : mostSent(sizes);
  const { algorithm, channels = workload.channels, ...protocol } = chosenAlgorithm(workload, sizeBytes, sections);
  const takesChannels = ALGORITHM_ROWS[algorithm].takesChannels && ranks === undefined;
  return {
    kind: "collective",
    collective: workload.collective,
    algorithm,
    ...protocol,
    sizeBytes,
    root: rankNumbers(topology)(workload.root ?? 0)!,
    ...(sizes !== undefined && { sizes }),
    repeat: workload.repeat,
    chunkBytes: workload.chunk,
    channels: channels ?? (takesChannels ? nodeSize(topology) : 1),
    reductionDelayPs: workload.reductionDelay,
    ...(ranks && { groups: groupNumbers(ranks, topology) }),
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
  const index = new Map(inOrder(classes).map(({ name }, i) => [name, i]));
  const common = classIndex(classes, written.class);
  return flows.map((flow, i) => {
    const own = written.flows?.[i]?.class;
    return { ...flow, dataClass: own === undefined ? common : index.get(own)! };
  });
}

/** Groups of ranks, of which there may be one. */
export function groupsOf(
  ranks: readonly WrittenRank[] | readonly (readonly WrittenRank[])[],
): readonly (readonly WrittenRank[])[] {
  return Array.isArray(ranks[0]) ? (ranks as readonly (readonly WrittenRank[])[]) : [ranks as readonly WrittenRank[]];
}

/** As it is written; of `auto` what NCCL would choose, where it knows the collective. */
function chosenAlgorithm(
  written: WrittenCollective,
  sizeBytes: number,
  sections: JobSections,
): Pick<CollectiveWorkload, "algorithm" | "protocol" | "isChosen"> & { readonly channels?: number } {
  const { collective, protocol } = written;
  const algorithm = writtenAlgorithm(written);
  const asWritten = protocol === undefined || protocol === "none" ? {} : { protocol };
  if (algorithm !== "auto") return { algorithm, ...asWritten };
  const { topology, links } = sections;
  const groups = written.ranks === undefined ? [] : groupNumbers(written.ranks, topology);
  const first = groups[0];
  const ranks = first?.length ?? rankCount(topology);
  const gpusPerNode = first === undefined ? nodeSize(topology) : gpusPerNodeOf(first, nodeSize(topology));
  const resolved = { topology: resolveTopology(sections), links: resolveLinks(links, topology) };
  const system = tunedSystem(hardwareOf(resolved, ranks, gpusPerNode));
  const isScaledUp = hasScaleUp(topology) && gpusPerNode > 1;
  const areAlike = groups.every(
    (group) => group.length === ranks && gpusPerNodeOf(group, nodeSize(topology)) === gpusPerNode,
  );
  const reducesInScaleUp = isScaledUp && areAlike && canReduceInScaleUp(sections);
  const row = tunerRow(tunerRows(written.tuner), { collective, bytes: sizeBytes, nodes: system.nodes, ranks });
  const limits = { hasScaleUp: isScaledUp, reducesInScaleUp, ...asWritten, ...(row && { wanted: row }) };
  const chosen = choose(collective, system, sizeBytes, limits);
  const byModel = protocol === undefined && chosen.protocol !== null ? { protocol: chosen.protocol } : asWritten;
  const ownChannels = isTaken(row, chosen) && ALGORITHM_ROWS[chosen.algorithm].takesChannels ? row.channels : null;
  const channels = ownChannels === null ? {} : { channels: Math.min(ownChannels, MAX_CHANNELS) };
  return { algorithm: chosen.algorithm, ...byModel, isChosen: true, ...channels };
}

function tunerRows(text: string | undefined): readonly TunerRow[] {
  const rows = text === undefined ? [] : readTuner(text);
  if (typeof rows === "string") throw new Error(rows);
  return rows;
}

function isTaken(row: TunerRow | undefined, { algorithm, protocol }: Choice): row is TunerRow {
  return row !== undefined && row.algorithm === tunedName(algorithm) && row.protocol === protocol;
}

/**
 * Whether `auto` may have the NVSwitches reduce: nothing repeats what is lost on the way to them,
 * and programs start operations that switches do not reduce.
 */
function canReduceInScaleUp({ links, faults, isProgram }: JobSections): boolean {
  const { ber, frameLossRatio, llr } = links.scaleUp;
  const isSound = llr || (ber === 0 && frameLossRatio === 0);
  const isHit = faults.some((fault) => JSON.stringify(fault).includes('"nvswitch'));
  return isProgram !== true && isSound && !isHit;
}

function groupNumbers(ranks: NonNullable<WrittenCollective["ranks"]>, topology: Sections["topology"]): number[][] {
  const numberOf = rankNumbers(topology);
  return groupsOf(ranks).map((group) => group.map((rank) => numberOf(rank)!));
}

/** Number of a flow of a list, by number or name; undefined where there is none. */
export function flowNumbers(
  flows: NonNullable<WrittenMessages["flows"]>,
): (flow: number | string) => number | undefined {
  const byName = new Map(flows.flatMap(({ name }, i) => (name === undefined ? [] : [[name, i] as const])));
  return (flow) => (typeof flow === "number" ? (flow < flows.length ? flow : undefined) : byName.get(flow));
}

/** What flows that arrive at random are drawn from. */
export function arrivalsOf(written: WrittenMessages, { topology, links, seed }: Sections): PoissonArrivals {
  const ranks = rankCount(topology);
  const oversubscription = Math.max(1, topologyFacts(topology).oversubscription);
  return {
    ranks,
    seed: written.seed ?? seed,
    distribution: pointsOf(written.distribution!),
    offeredBps: (written.load! * ranks * accessRateBps(topology, links)) / oversubscription,
    startPs: written.start ?? 0,
    durationPs: written.duration!,
  };
}

/** By name, or points; a file has been read into points. */
export function pointsOf(distribution: NonNullable<WrittenMessages["distribution"]>): SizeDistribution {
  if (typeof distribution !== "string") return distribution as SizeDistribution;
  return SIZE_DISTRIBUTIONS[distribution as SizeDistributionName].points;
}

/** Of a listed fabric, of the slowest host. */
function accessRateBps(topology: Sections["topology"], { access }: Sections["links"]): number {
  if (topology.kind !== "custom") return access.rate;
  const rates = new Map(topology.hosts.map((host) => [host, 0]));
  for (const { a, b, rate = access.rate, count } of topology.links) {
    for (const end of [a, b]) if (rates.has(end)) rates.set(end, rates.get(end)! + count * rate);
  }
  return [...rates.values()].reduce((least, rate) => Math.min(least, rate), Number.POSITIVE_INFINITY);
}

function resolveFlows(written: WrittenMessages, sections: Sections): FlowSpec[] {
  const { topology, seed } = sections;
  const numberOf = rankNumbers(topology);
  if (written.flows !== undefined) {
    const flowOf = flowNumbers(written.flows);
    return written.flows.map(({ src, dst, size, start, after }) => ({
      src: numberOf(src)!,
      dst: numberOf(dst)!,
      bytes: size,
      startPs: start,
      ...(after && { after: after.map((flow) => flowOf(flow)!) }),
    }));
  }
  if (written.pattern === "poisson") return poisson(arrivalsOf(written, sections));
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
