/** What the page and its workers say to each other. */
import type { ResultDocument, ScenarioIssue } from "heddle";

/** What is drawn as one: a GPU, a switch, or several of them. */
export interface DrawnNode {
  readonly name: string;
  readonly kind: "gpu" | "switch";
  /** 0 for GPUs, 1 for leaves, 2 and up above them. */
  readonly tier: number;
  /** Devices that it stands for. */
  readonly count: number;
  /** Box that GPUs are drawn in: their node; -1 where they have none. */
  readonly box: number;
}

/** A link, or all links between two drawn nodes. */
export interface DrawnEdge {
  /** Indexes into the nodes; where there is a GPU it is `a`. */
  readonly a: number;
  readonly b: number;
  readonly level: string;
  readonly count: number;
  /** Of all its links, from `a` to `b`, at the start. */
  readonly rateBps: number;
  /** The links by the names that faults use; of many the first ones. */
  readonly links: readonly LinkName[];
}

export interface LinkName {
  readonly from: string;
  readonly to: string;
  readonly index: number;
}

export interface Picture {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
  /** Names of the boxes. */
  readonly boxes: readonly string[];
  /** Every device is drawn by itself. */
  readonly isWhole: boolean;
  readonly gpus: number;
  readonly switches: number;
  readonly links: number;
}

/** An instant. Entry `2 * e` of a column is edge `e` from `a` to `b`, `2 * e + 1` the way back. */
export interface Frame {
  readonly ns: number;
  /** Share of the rate that was used since the frame before, 255 for all of it. */
  readonly load: Uint8Array;
  /** Bytes that wait; of several links the most. */
  readonly queued: Float32Array;
  /** A sum of heddle's `LinkState`s; of several links all that there is. */
  readonly state: Uint8Array;
  /** Share of the rate that scale-up links of each node used, 255 for all of it. */
  readonly inside: Uint8Array;
  readonly totals: FrameTotals;
}

export interface FrameTotals {
  /** Bytes per second on all links of the fabric since the frame before. */
  readonly bytesPerSecond: number;
  readonly queuedBytes: number;
  /** Directions of links that are paused, or wait for credit. */
  readonly held: number;
  /** Packets lost since the start. */
  readonly dropped: number;
  /** Share of the data that has arrived. */
  readonly done: number;
}

/** What the page asks of a worker that simulates. */
export type ToSimulator =
  | { readonly kind: "start"; readonly text: string }
  /** Frames between two instants of a run that has gone further, `count` of them. */
  | { readonly kind: "closer"; readonly fromNs: number; readonly toNs: number; readonly count: number }
  | { readonly kind: "explain" };

export type FromSimulator =
  | {
      readonly kind: "started";
      readonly name: string;
      readonly digest: string;
      readonly version: string;
      readonly idealNs: number;
      readonly picture: Picture;
      readonly warnings: readonly ScenarioIssue[];
      /** Simulated time between frames. */
      readonly stepNs: number;
    }
  | { readonly kind: "frame"; readonly frame: Frame }
  /** From now on frames are twice as far apart; so should be those that are there. */
  | { readonly kind: "thin"; readonly stepNs: number }
  | { readonly kind: "closer"; readonly frames: readonly Frame[] }
  | { readonly kind: "ended"; readonly result: ResultDocument }
  | { readonly kind: "explained"; readonly result: ResultDocument }
  | { readonly kind: "unexplained"; readonly message: string }
  | { readonly kind: "failed"; readonly message: string; readonly issues: readonly ScenarioIssue[] };

/** What the page asks of the worker that checks texts. */
export type ToChecker =
  | { readonly kind: "check"; readonly id: number; readonly text: string }
  | { readonly kind: "schema"; readonly id: number };

export type FromChecker =
  | {
      readonly kind: "checked";
      readonly id: number;
      readonly errors: readonly ScenarioIssue[];
      readonly warnings: readonly ScenarioIssue[];
    }
  | { readonly kind: "schema"; readonly id: number; readonly schema: unknown };
