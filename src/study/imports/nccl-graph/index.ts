/** Rings and trees that NCCL chose, to programs: docs/IMPORTS.md has what is read. */
import type { z } from "zod";
import type { TRACE_FORMATS } from "../../../scenario/schema/trace.js";
import type { TraceCommunicator } from "../../../scenario/types/trace.js";
import type { Imported, ImportFormat } from "../common/format.js";
import { TraceBuilder } from "../common/trace-builder.js";
import { type Channel, ringOf, treesOf } from "./over-nodes.js";
import { type Graph, type NodeGraphs, PATTERNS, readGraphs } from "./read.js";

type Options = z.output<(typeof TRACE_FORMATS)["nccl-graph"]>;

const RING = 4;
const LAST_TREE = 3;
const MOST_RANKS = 2 ** 17;

export const ncclGraph: ImportFormat<Options> = {
  sentence: "rings and trees as NCCL chose them (NCCL_GRAPH_DUMP_FILE): one XML file, or one for each node.",
  async read(files, options): Promise<Imported> {
    const read: NodeGraphs[] = [];
    for (const file of files) read.push(await readGraphs(file));
    const nodes = nodesOf(read, options);
    const chosen = nodes.map((node) => graphOf(node, options));
    const { gpus, file } = nodes[0]!;
    const ranks = nodes.length * gpus;
    if (ranks === 1) file.fail("one GPU has nobody to send to; write nodes: 2 or more");
    if (options.algorithm === "tree" && options.collective !== "all-reduce") {
      file.fail(`${options.collective} over trees; write algorithm: ring, or collective: all-reduce`);
    }
    if (ranks > MOST_RANKS) file.fail(`${nodes.length} nodes of ${gpus} GPUs; at most ${MOST_RANKS} ranks`);
    const channels = chosen[0]!.channels.map((_, c): Channel => {
      return chosen.map(({ channels: own }, node) => own[c]!.map((place) => node * gpus + place));
    });
    const parts = partsOf(channels, chosen[0]!, options);
    const notes = nodes.some(({ namesNics }) => namesNics)
      ? ["the NICs of channels are not read: a message goes by the NIC of the GPU that sends it"]
      : [];
    return { ranks, gpusPerNode: gpus, workload: workloadOf(parts, ranks, options), notes };
  },
};

/** A file for each node, or one for all. */
function nodesOf(read: readonly NodeGraphs[], { nodes }: Options): readonly NodeGraphs[] {
  const [first] = read;
  for (const { file, gpus } of read) {
    if (gpus === 0) file.fail("the graphs have no GPUs");
    if (gpus !== first!.gpus)
      file.fail(`${gpus} GPUs, and ${first!.file.name} has ${first!.gpus}; nodes have the same number`);
  }
  if (nodes === undefined || nodes === read.length) return read;
  if (read.length > 1)
    first!.file.fail(`nodes is ${nodes}, and there are ${read.length} files; write one file for all, or one each`);
  return Array.from({ length: nodes }, () => first!);
}

/** The graph of the algorithm. */
function graphOf({ file, graphs }: NodeGraphs, { algorithm }: Options): Graph {
  const isWanted = ({ pattern, channels }: Graph) =>
    channels.length > 0 && (algorithm === "ring" ? pattern === RING : pattern <= LAST_TREE);
  const graph = graphs.find(isWanted);
  if (graph !== undefined) return graph;
  const there = graphs.map(({ pattern }) => PATTERNS[pattern]).join(", ") || "none";
  return file.fail(`there is no graph of a ${algorithm} with channels; there are: ${there}`);
}

/** What is done at the same time, each with its share of the buffer. */
function partsOf(channels: readonly Channel[], { pattern }: Graph, options: Options): TraceCommunicator[] {
  const { size, collective, algorithm, chunk } = options;
  if (algorithm === "ring") {
    const bytes = Math.ceil(size / channels.length);
    return channels.map((channel) => {
      return { kind: "collective", collective, ranks: ringOf(channel), bytes, root: 0, algorithm: "ring" };
    });
  }
  const bytes = Math.ceil(size / (2 * channels.length));
  return channels.flatMap((channel) =>
    treesOf(channel, pattern).map((parent): TraceCommunicator => ({ kind: "tree", parent, bytes, chunkBytes: chunk })),
  );
}

/** Every rank does all parts at once. */
function workloadOf(parts: readonly TraceCommunicator[], ranks: number, { collective }: Options) {
  const trace = new TraceBuilder(ranks);
  const label = trace.label(collective);
  const communicators = parts.map((part, p) => trace.communicator(`${p}`, () => part));
  for (let rank = 0; rank < ranks; rank++) {
    for (const communicator of communicators) trace.rank(rank).operation(communicator, label);
    trace.seal(rank);
  }
  return trace.build();
}
