/** Rings and trees that NCCL chose, to programs: docs/IMPORTS.md has what is read. */
import type { z } from "zod";
import type { TRACE_FORMATS } from "../../../scenario/schema/trace.js";
import type { Imported, ImportFormat } from "../common/format.js";
import { isOfFormat } from "../common/recognise.js";
import type { SourceFile } from "../common/source.js";
import { TraceBuilder } from "../common/trace-builder.js";
import { fabricSections } from "../nccl-topology/index.js";
import { type NcclNode, readNode } from "../nccl-topology/node.js";
import { channelsOf, hopsOf, type JobChannel, type Part } from "./channels.js";
import { type NodeNics, nicsAsWritten, nicsInOrder, nicsOfTopology } from "./nics.js";
import { ringOf, treesOf } from "./over-nodes.js";
import { type Graph, type NodeGraphs, PATTERNS, readGraphs } from "./read.js";

type Options = z.output<(typeof TRACE_FORMATS)["nccl-graph"]>;

const RING = 4;
const LAST_TREE = 3;
const MAX_RANKS = 2 ** 17;

/** Of the pipeline of a tree; and of rings that pass chunks on, as NCCL has steps of 512 KiB. */
const TREE_CHUNK = 2 ** 17;
const RELAYED_CHUNK = 2 ** 19;

export const ncclGraph: ImportFormat<Options> = {
  sentence: "rings and trees as NCCL chose them (NCCL_GRAPH_DUMP_FILE): one XML file, or one for each node.",
  alsoReads: ["nccl-topology"],
  async read(files, options): Promise<Imported> {
    const read: NodeGraphs[] = [];
    let topology: SourceFile | undefined;
    for (const file of files) {
      if (!isOfFormat(await file.head(), "nccl-topology")) read.push(await readGraphs(file));
      else if (topology === undefined) topology = file;
      else file.fail(`a second topology file, beside ${topology.name}; nodes are alike here`);
    }
    if (read.length === 0) return topology!.fail("name the graph file, too: NCCL_GRAPH_DUMP_FILE");
    const node = topology && (await readNode(topology));
    const nodes = nodesOf(read, options);
    const { gpus, file } = nodes[0]!;
    const ranks = nodes.length * gpus;
    if (ranks === 1) file.fail("one GPU has nobody to send to; write nodes: 2 or more");
    if (options.algorithm === "tree" && options.collective !== "all-reduce") {
      file.fail(`${options.collective} over trees; write algorithm: ring, or collective: all-reduce`);
    }
    if (ranks > MAX_RANKS) file.fail(`${nodes.length} nodes of ${gpus} GPUs; at most ${MAX_RANKS} ranks`);
    const chosen = nodes.map((each) => graphOf(each, options));
    const nics = nicsFor(nodes[0]!, chosen, options, node && { file: topology!, node });
    const parts = partsOf(channelsOf(nodes, chosen, nics), options);
    return {
      ranks,
      gpusPerNode: gpus,
      nicsPerGpu: nics.perGpu,
      ...(node !== undefined && { sections: fabricSections(topology!, node, nodes.length) }),
      workload: workloadOf(parts, ranks, options),
      notes: notesOf(parts, gpus, chosen[0]!),
    };
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
function partsOf(channels: readonly JobChannel[], options: Options): Part[] {
  const { size, collective, algorithm, chunk } = options;
  if (algorithm === "ring") {
    const bytes = Math.ceil(size / channels.length);
    return channels.map(({ nodes, nics }) => {
      const ranks = ringOf(nodes);
      const isRelayed = hopsOf({ kind: "ring", collective, ranks, bytes, nics }).some(([a, b]) => {
        return nics!.holder[a] !== a || nics!.holder[b] !== b;
      });
      return {
        kind: "ring",
        collective,
        ranks,
        bytes,
        nics,
        chunkBytes: chunk ?? (isRelayed ? RELAYED_CHUNK : undefined),
      };
    });
  }
  const bytes = Math.ceil(size / (2 * channels.length));
  const chunkBytes = chunk ?? TREE_CHUNK;
  return channels.flatMap(({ nodes, nics, pattern }) =>
    treesOf(nodes, pattern).map((parent): Part => ({ kind: "tree", parent, bytes, chunkBytes, nics })),
  );
}

/** Which GPU of a node has which NIC: as it is written, by the topology, or in order. */
function nicsFor(
  { file, gpus }: NodeGraphs,
  chosen: readonly Graph[],
  { nics }: Options,
  topology: { readonly file: SourceFile; readonly node: NcclNode } | undefined,
): NodeNics {
  if (nics !== undefined) return nicsAsWritten(file, gpus, nics);
  if (topology !== undefined) return nicsOfTopology(topology.file, gpus, topology.node);
  const named = chosen.flatMap(({ channels }) => channels.flatMap(({ nets }) => nets ?? []));
  return nicsInOrder(
    gpus,
    named.reduce((most, dev) => Math.max(most, dev), 0),
  );
}

/** Messages that take another way to their NIC than in the machine. */
function notesOf(parts: readonly Part[], gpus: number, { typeInter }: Graph): string[] {
  const strange = new Map<string, string>();
  for (const part of parts) {
    for (const [from, to] of hopsOf(part)) {
      const { holder } = part.nics!;
      // NCCL itself sends by way of the GPU at the NIC where the graph says PXN.
      for (const rank of typeInter === "PXN" ? [to] : [from, to]) {
        if (holder[rank] === rank) continue;
        const key = `${rank % gpus} ${holder[rank]! % gpus}`;
        strange.set(key, `GPU ${rank % gpus} of a node uses a NIC that is at GPU ${holder[rank]! % gpus}`);
      }
    }
  }
  const [first] = strange.values();
  if (first === undefined) return [];
  const others = strange.size > 1 ? `, and so do ${strange.size - 1} more` : "";
  return [`${first}${others}: the way to it is the scale-up network here, not PCIe`];
}

/** Every rank does all parts at once. */
function workloadOf(parts: readonly Part[], ranks: number, { collective }: Options) {
  const trace = new TraceBuilder(ranks);
  const label = trace.label(collective);
  const communicators = parts.map((part, p) => trace.communicator(`${p}`, () => part));
  for (let rank = 0; rank < ranks; rank++) {
    for (const communicator of communicators) trace.rank(rank).operation(communicator, label);
    trace.seal(rank);
  }
  return trace.build();
}
