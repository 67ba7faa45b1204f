/**
 * What is known of each collective and of each algorithm, one row each. The flow graphs themselves
 * are built in `src/build/collective`. A new collective is a new row; nothing else tests its name.
 */
import {
  allGatherCrossing,
  allReduceCrossing,
  allToAllCrossing,
  type BothWays,
  barrierCrossing,
  broadcastCrossing,
  type Groups,
  gatherCrossing,
  reduceCrossing,
  reduceScatterCrossing,
  scatterCrossing,
  sendRecvCrossing,
  type Task,
} from "./crossings.js";

export const COLLECTIVE_NAMES = [
  "all-reduce",
  "reduce-scatter",
  "all-gather",
  "broadcast",
  "reduce",
  "all-to-all",
  "gather",
  "scatter",
  "send-recv",
  "barrier",
] as const;
export type CollectiveName = (typeof COLLECTIVE_NAMES)[number];

export const ALGORITHM_NAMES = [
  "ring",
  "double-binary-tree",
  "hierarchical-ring",
  "tree",
  "halving-doubling",
  "recursive-doubling",
  "direct",
  "pairwise",
  "bruck",
  "pat",
  "hierarchical-tree",
  "pxn",
  "nvls",
  "nvls-tree",
  "sharp",
] as const;
export type AlgorithmName = (typeof ALGORITHM_NAMES)[number];

/** A part of a rank's buffer, of `parts`. */
export interface BufferPart {
  readonly rank: number;
  readonly part: number;
  readonly ranks: number;
  readonly parts: number;
  readonly root: number;
}

export interface CollectiveRow {
  /** Algorithms that do it; the first one is the default. */
  readonly algorithms: readonly AlgorithmName[];
  /** Whether a rank has a value of its own in a part at the start. */
  readonly holds: (part: BufferPart) => boolean;
  /**
   * The meaning: whose values a part is the sum of at the end. It is that of all ranks, that of one
   * rank, or undefined (null). Of blocks, part `p` is of the block of rank `p % ranks`. Those of an
   * all-to-all are numbered `src * ranks + dst`, again and again.
   */
  readonly sumOf: (part: BufferPart) => "all" | number | null;
  /**
   * Bus bandwidth as NCCL's tests define it: what the busiest links carry at an algorithm bandwidth
   * (buffer size by time), whatever the number of ranks. In the unit of `algorithmBandwidth`.
   */
  readonly busBandwidth: (algorithmBandwidth: number, ranks: number) => number;
  /** What groups of ranks must send and receive, by any algorithm; see `volumeBoundPs`. */
  readonly crossing: (groups: Groups, task: Task) => BothWays;
  /** Whose buffer each rank's result depends on: that of any other, of the root, or not of all. */
  readonly news: "any" | "root" | null;
  readonly takesRoot: boolean;
  /** Bytes may be written for each pair of ranks. */
  readonly takesSizes: boolean;
  /** Moves data; a barrier does not. */
  readonly hasSize: boolean;
}

const always = () => true;
const isRoot = ({ rank, root }: BufferPart) => rank === root;
const block = ({ part, ranks }: BufferPart) => part % ranks;
const source = ({ part, ranks }: BufferPart) => Math.floor((part % ranks ** 2) / ranks);

const whole = (bandwidth: number) => bandwidth;
/** All but a rank's own block crosses its port. */
const withoutOwn = (bandwidth: number, ranks: number) => (bandwidth * (ranks - 1)) / ranks;

const REST = { takesRoot: false, takesSizes: false, hasSize: true } as const;

export const COLLECTIVES: Readonly<Record<CollectiveName, CollectiveRow>> = {
  "all-reduce": {
    ...REST,
    algorithms: [
      "ring",
      "double-binary-tree",
      "hierarchical-ring",
      "tree",
      "halving-doubling",
      "recursive-doubling",
      "direct",
      "hierarchical-tree",
      "nvls",
      "nvls-tree",
      "sharp",
    ],
    holds: always,
    sumOf: () => "all",
    // A ring at rate B brings it to B for any number of ranks: the factor is 2(N-1)/N.
    busBandwidth: (algorithmBandwidth, ranks) => (algorithmBandwidth * 2 * (ranks - 1)) / ranks,
    crossing: allReduceCrossing,
    news: "any",
  },
  "reduce-scatter": {
    ...REST,
    algorithms: ["ring", "halving-doubling", "direct", "pairwise", "bruck", "pat", "hierarchical-ring", "nvls"],
    holds: always,
    sumOf: (part) => (block(part) === part.rank ? "all" : null),
    busBandwidth: withoutOwn,
    crossing: reduceScatterCrossing,
    news: "any",
  },
  "all-gather": {
    ...REST,
    algorithms: ["ring", "recursive-doubling", "direct", "pairwise", "bruck", "pat", "hierarchical-ring", "nvls"],
    holds: (part) => block(part) === part.rank,
    sumOf: block,
    busBandwidth: withoutOwn,
    crossing: allGatherCrossing,
    news: "any",
  },
  broadcast: {
    ...REST,
    algorithms: ["ring", "tree", "direct"],
    holds: isRoot,
    sumOf: ({ root }) => root,
    busBandwidth: whole,
    crossing: broadcastCrossing,
    news: "root",
    takesRoot: true,
  },
  reduce: {
    ...REST,
    algorithms: ["ring", "tree", "direct"],
    holds: always,
    sumOf: (part) => (isRoot(part) ? "all" : null),
    busBandwidth: whole,
    crossing: reduceCrossing,
    news: null,
    takesRoot: true,
  },
  "all-to-all": {
    ...REST,
    algorithms: ["direct", "pairwise", "bruck", "pxn"],
    holds: (part) => source(part) === part.rank,
    sumOf: (part) => (block(part) === part.rank ? source(part) : null),
    busBandwidth: withoutOwn,
    crossing: allToAllCrossing,
    news: null,
    takesSizes: true,
  },
  gather: {
    ...REST,
    algorithms: ["direct", "tree"],
    holds: (part) => block(part) === part.rank,
    sumOf: (part) => (isRoot(part) ? block(part) : null),
    busBandwidth: withoutOwn,
    crossing: gatherCrossing,
    news: null,
    takesRoot: true,
  },
  scatter: {
    ...REST,
    algorithms: ["direct", "tree"],
    holds: isRoot,
    sumOf: (part) => (block(part) === part.rank ? part.root : null),
    busBandwidth: withoutOwn,
    crossing: scatterCrossing,
    news: "root",
    takesRoot: true,
  },
  "send-recv": {
    ...REST,
    algorithms: ["direct"],
    holds: (part) => block(part) === part.rank,
    sumOf: (part) => (block(part) === (part.rank + part.ranks - 1) % part.ranks ? block(part) : null),
    busBandwidth: whole,
    crossing: sendRecvCrossing,
    news: null,
  },
  barrier: {
    ...REST,
    algorithms: ["bruck", "recursive-doubling", "tree"],
    holds: always,
    sumOf: () => "all",
    busBandwidth: whole,
    crossing: barrierCrossing,
    news: "any",
    hasSize: false,
  },
};

export interface AlgorithmRow {
  /** It cuts its data into chunks of a size that users may write. */
  readonly takesChunk: boolean;
  /** It may run several times side by side, each over another NIC of a node. */
  readonly takesChannels: boolean;
  /** It needs nodes of several GPUs with a scale-up network. */
  readonly needsScaleUp: boolean;
  /**
   * Switches that add up and copy what it sends: those of the scale-up networks, or those of the
   * fabric too; left out where they only forward.
   */
  readonly reducesIn?: "scale-up" | "fabric";
  /** It is for one node only, or for several; left out: for any number. */
  readonly nodes?: "one" | "several";
  /** Its flows and dependencies, about, where they grow faster than `ranks * log2(ranks)`. */
  readonly tables?: (collective: CollectiveName, ranks: number, gpusPerNode: number) => FlowTables;
}

/** Records that a flow graph is made of. */
export interface FlowTables {
  readonly flows: number;
  readonly dependencies: number;
}

/** What a collective's flow graph may have: building more would take more than 1 GiB. */
export const MAX_TABLES: FlowTables = { flows: 2 ** 23, dependencies: 2 ** 24 };

const PLAIN: AlgorithmRow = { takesChunk: false, takesChannels: false, needsScaleUp: false };

function directTables(collective: CollectiveName, ranks: number): FlowTables {
  const { takesRoot } = COLLECTIVES[collective];
  if (takesRoot || collective === "send-recv") return { flows: ranks, dependencies: 0 };
  const pairs = ranks * (ranks - 1);
  // Each of the messages of the second step waits for all of the first that come to its rank.
  if (collective === "all-reduce") return { flows: 2 * pairs, dependencies: pairs * (ranks - 1) };
  return { flows: pairs, dependencies: 0 };
}

export const ALGORITHM_ROWS: Readonly<Record<AlgorithmName, AlgorithmRow>> = {
  ring: { ...PLAIN, takesChunk: true, takesChannels: true },
  "double-binary-tree": { ...PLAIN, takesChunk: true },
  "hierarchical-ring": { ...PLAIN, takesChunk: true, needsScaleUp: true },
  tree: { ...PLAIN, takesChunk: true },
  "halving-doubling": PLAIN,
  "recursive-doubling": PLAIN,
  direct: { ...PLAIN, tables: directTables },
  pairwise: {
    ...PLAIN,
    tables: (_, ranks) => ({ flows: ranks * (ranks - 1), dependencies: ranks * (ranks - 2) }),
  },
  bruck: PLAIN,
  pat: { ...PLAIN, takesChunk: true },
  "hierarchical-tree": { ...PLAIN, takesChunk: true, needsScaleUp: true },
  pxn: {
    ...PLAIN,
    needsScaleUp: true,
    tables: (_, ranks, gpusPerNode) => ({ flows: (ranks * ranks) / gpusPerNode, dependencies: ranks * ranks }),
  },
  nvls: {
    ...PLAIN,
    takesChunk: true,
    needsScaleUp: true,
    reducesIn: "scale-up",
    nodes: "one",
    tables: (_, ranks) => ({ flows: 2 * ranks * ranks, dependencies: ranks }),
  },
  "nvls-tree": { ...PLAIN, takesChunk: true, needsScaleUp: true, reducesIn: "scale-up", nodes: "several" },
  sharp: { ...PLAIN, takesChunk: true, reducesIn: "fabric" },
};

/** What an algorithm's flow graph is made of, where it grows with the square of the ranks. */
export function tablesOf(
  name: AlgorithmName,
  collective: CollectiveName,
  ranks: number,
  gpusPerNode: number,
): FlowTables {
  return ALGORITHM_ROWS[name].tables?.(collective, ranks, gpusPerNode) ?? { flows: 0, dependencies: 0 };
}

/** Whether a flow graph is small enough to be built. */
export function fitsTables({ flows, dependencies }: FlowTables): boolean {
  return flows <= MAX_TABLES.flows && dependencies <= MAX_TABLES.dependencies;
}

/** Algorithms of a collective for which `holds`, in words: `ring`, or `ring or tree`. */
export function algorithmsWhere(collective: CollectiveName, holds: (row: AlgorithmRow) => boolean): string {
  return COLLECTIVES[collective].algorithms.filter((name) => holds(ALGORITHM_ROWS[name])).join(" or ");
}
