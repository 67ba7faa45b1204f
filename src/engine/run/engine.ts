/** The face that whole and folded runs have in common. */
import type { CoreRun } from "./run.js";

/** What a simulation needs of a run. */
export interface Engine extends Face {
  /** As `CoreRun.again`. */
  again(): Engine;
}

type Face = Pick<
  CoreRun,
  | "advanceUntil"
  | "progress"
  | "outcome"
  | "figures"
  | "skipped"
  | "digest"
  | "holdingPorts"
  | "policyCost"
  | "threads"
  | "setThreads"
  | "setSolo"
  | "keepStart"
  | "startBytes"
  | "close"
>;
