/**
 * What is known of each collective and of each algorithm, one row each. The flow graphs themselves
 * are built in `src/build/collective`. A new collective is a new row; nothing else tests its name.
 */

export const COLLECTIVE_NAMES = ["all-reduce"] as const;
export type CollectiveName = (typeof COLLECTIVE_NAMES)[number];

export const ALGORITHM_NAMES = [
  "ring",
  "double-binary-tree",
  "hierarchical-ring",
  "nvls",
  "nvls-tree",
  "sharp",
] as const;
export type AlgorithmName = (typeof ALGORITHM_NAMES)[number];

/** What must cross the boundaries of a partition of the ranks, in buffers of one rank. */
export interface Crossing {
  /** Sum over all groups. */
  readonly total: number;
  /** Least that each group has by itself. */
  readonly each: number;
}

/** A part of a rank's buffer, of `parts`. */
export interface BufferPart {
  readonly rank: number;
  readonly part: number;
  readonly ranks: number;
  readonly parts: number;
}

export interface CollectiveRow {
  /** Algorithms that do it; the first one is the default. */
  readonly algorithms: readonly AlgorithmName[];
  /**
   * The meaning: whose values a part is the sum of at the end. It is that of all ranks, that of one
   * rank, or undefined (null).
   */
  readonly sumOf: (part: BufferPart) => "all" | number | null;
  /**
   * Bus bandwidth as NCCL's tests define it: what the busiest links carry at an algorithm bandwidth
   * (buffer size by time), whatever the number of ranks. In the unit of `algorithmBandwidth`.
   */
  readonly busBandwidth: (algorithmBandwidth: number, ranks: number) => number;
  /** What groups of ranks must send and receive, by any algorithm; see `volumeBoundPs`. */
  readonly egress: (groups: number) => Crossing;
  readonly ingress: (groups: number) => Crossing;
  /** Whether each rank's result depends on the buffers of all ranks. */
  readonly needsAllRanks: boolean;
}

/** A group must send and receive a buffer; over all groups see the proof at `volumeBoundPs`. */
function allReduceCrossing(groups: number): Crossing {
  return { total: 2 * (groups - 1), each: 1 };
}

export const COLLECTIVES: Readonly<Record<CollectiveName, CollectiveRow>> = {
  "all-reduce": {
    algorithms: ["ring", "double-binary-tree", "hierarchical-ring", "nvls", "nvls-tree", "sharp"],
    sumOf: () => "all",
    // A ring at rate B brings it to B for any number of ranks: the factor is 2(N-1)/N.
    busBandwidth: (algorithmBandwidth, ranks) => (algorithmBandwidth * 2 * (ranks - 1)) / ranks,
    egress: allReduceCrossing,
    ingress: allReduceCrossing,
    needsAllRanks: true,
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
}

export const ALGORITHM_ROWS: Readonly<Record<AlgorithmName, AlgorithmRow>> = {
  ring: { takesChunk: false, takesChannels: true, needsScaleUp: false },
  "double-binary-tree": { takesChunk: true, takesChannels: false, needsScaleUp: false },
  "hierarchical-ring": { takesChunk: false, takesChannels: false, needsScaleUp: true },
  nvls: { takesChunk: true, takesChannels: false, needsScaleUp: true, reducesIn: "scale-up", nodes: "one" },
  "nvls-tree": { takesChunk: true, takesChannels: false, needsScaleUp: true, reducesIn: "scale-up", nodes: "several" },
  sharp: { takesChunk: true, takesChannels: false, needsScaleUp: false, reducesIn: "fabric" },
};

/** Algorithms of a collective for which `holds`, in words: `ring`, or `ring or tree`. */
export function algorithmsWhere(collective: CollectiveName, holds: (row: AlgorithmRow) => boolean): string {
  return COLLECTIVES[collective].algorithms.filter((name) => holds(ALGORITHM_ROWS[name])).join(" or ");
}
