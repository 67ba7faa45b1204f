import type { Estimate } from "../../util/stats/bootstrap.js";
import type { FigureName, Figures } from "./figures.js";
import type { PairTest, RankedEntry } from "./rank.js";

export const SHOOTOUT_SCHEMA = "heddle.bench-routing/1";

export interface ShootoutDocument {
  readonly schema: typeof SHOOTOUT_SCHEMA;
  readonly heddleVersion: string;
  readonly status: "finished" | "cancelled";
  readonly scenario: { readonly name: string; readonly digest: string };
  readonly topology: { readonly kind: string; readonly gpus: number };
  /** Bytes of a message; patterns say what they make of it. */
  readonly sizeBytes: number;
  readonly seeds: readonly number[];
  /** The figure that rankings go by. */
  readonly rankedBy: FigureName;
  readonly policies: readonly { readonly name: string; readonly settings: readonly string[] }[];
  /** What applies to all of it: the transport and why, warnings, too few seeds. */
  readonly notes: readonly string[];
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
  readonly patterns: readonly PatternReport[];
  /**
   * Over all patterns: geometric mean of the completion times' ratios to the best of each pattern
   * and seed. Null where no policy finished everything.
   */
  readonly overall: RankingReport | null;
  readonly runs: readonly RunReport[];
}

export interface PatternReport {
  readonly name: string;
  readonly description: string;
  /** That all policies have ended; those that figures are of. */
  readonly seeds: readonly number[];
  readonly policies: readonly PolicyReport[];
  readonly ranking: RankingReport | null;
}

/** One policy under one pattern. */
export interface PolicyReport {
  readonly policy: string;
  /** Runs of these seeds that did not finish, and why; such a policy is not ranked. */
  readonly unfinished: readonly { readonly seed: number; readonly reason: string }[];
  /** Mean over the seeds, with 95 % interval; null where a run has no such figure. */
  readonly figures: Readonly<Record<FigureName, Estimate | null>>;
}

export interface RankingReport {
  readonly entries: readonly RankedEntry[];
  readonly pairs: readonly PairTest[];
}

/** One run, for whoever wants to reckon differently. */
export interface RunReport {
  readonly policy: string;
  readonly pattern: string;
  readonly seed: number;
  /** Overrides that make the run's scenario of the file: `heddle run FILE --set …`. */
  readonly settings: readonly string[];
  readonly scenarioDigest: string | null;
  readonly engineDigest: string | null;
  /** `finished`, another status of a result, or the error that kept it from having one. */
  readonly status: string;
  readonly figures: Figures | null;
}
