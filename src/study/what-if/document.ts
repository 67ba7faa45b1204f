/** What `heddle what-if` prints as JSON. Times are means over the seeds. */
import type { CauseChange } from "../compare/explain.js";
import type { LeftOutPart } from "./parts.js";

export const WHAT_IF_SCHEMA = "heddle.what-if/1";

export interface WhatIfDocument {
  readonly schema: typeof WHAT_IF_SCHEMA;
  readonly heddleVersion: string;
  readonly status: "finished" | "cancelled";
  readonly scenario: { readonly name: string; readonly digest: string };
  readonly seeds: readonly number[];
  /** The scenario as it is. */
  readonly base: Side;
  /** Each change by itself, then, where there are several, all of them at once. */
  readonly changes: readonly ChangeOutcome[];
  /** Null where it was not asked for. */
  readonly path: PathSweep | null;
}

/** Runs of one scenario over the seeds. */
export interface Side {
  /** Null where a run has not finished. */
  readonly jctNs: number | null;
  /** Runs that did not finish, and what became of the first of them. */
  readonly unfinished: number;
  readonly failure: string | null;
}

/** Without those inside of nodes. */
export interface FabricSize {
  readonly switches: number;
  readonly links: number;
}

export interface ChangeOutcome extends Side {
  /** As given: `path=value`. */
  readonly set: readonly string[];
  /** By how much the completion time falls; null where either side has none. */
  readonly saved: Saving | null;
  /** Switches and links of the fabric of each side, where the change built another; else null. */
  readonly fabric: { readonly before: FabricSize; readonly after: FabricSize } | null;
  /** How the explanation of the completion time changed. Empty where a run did not finish. */
  readonly explanation: readonly CauseChange[];
}

/** Mean of the paired differences over the seeds. Negative: it takes longer. */
export interface Saving {
  readonly ns: number;
  /** Of the completion time as it is. */
  readonly share: number;
  /** Bounds of the 95 % confidence interval of `ns`; null with one seed. */
  readonly lowNs: number | null;
  readonly highNs: number | null;
}

/**
 * How much faster the job gets where one part of the system does (the virtual speedup of Coz:
 * Curtsinger and Berger, SOSP 2015, here by simulating it).
 */
export interface PathSweep {
  /** By which parts are made faster: 0.1 is a rate of 1.1 times, or a time divided by that. */
  readonly shares: readonly number[];
  /** Most effective at the largest share first. */
  readonly parts: readonly PartCurve[];
  /** Parts that were moved by the largest share only, since others have more effect. */
  readonly lesser: readonly PartCurve[];
  /** Parts that cannot be faster, or have no effect, with the reason. */
  readonly leftOut: readonly LeftOutPart[];
}

export interface PartCurve {
  /** The setting that states it: `links.fabric.rate`. */
  readonly name: string;
  /** As it is: `400Gbps`. */
  readonly value: string;
  /** By share, least first. */
  readonly points: readonly {
    readonly share: number;
    readonly value: string;
    readonly jctNs: number | null;
    /** 0.05: the job is 1.05 times as fast. Null where a run has not finished. */
    readonly jobShare: number | null;
  }[];
}
