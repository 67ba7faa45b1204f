/** The base of all errors that heddle throws on purpose, and their form in other threads. */

/**
 * Who has to act:
 * - `input`: the user, by another scenario, file or option (the CLI exits with 2);
 * - `job`: nobody: the input is valid, and the run did not finish (the CLI exits with 3);
 * - `internal`: heddle's authors, since it is a fault of heddle's own (the CLI exits with 1).
 */
export type ErrorKind = "input" | "job" | "internal";

/** Every code, with its kind. Codes are stable: programs may test them. */
const KINDS = {
  /** `ScenarioError`: the scenario is wrong; it lists every fault with its place. */
  HEDDLE_SCENARIO: "input",
  /** `DocumentError`: a text or value cannot be read as a document. */
  HEDDLE_DOCUMENT: "input",
  /** `PlanError`: the scenario is well formed and cannot be built. */
  HEDDLE_PLAN: "input",
  /** `CapacityError`: the run needs more than the core or the memory limit allows. */
  HEDDLE_CAPACITY: "input",
  /** `PolicyError`: a custom routing policy cannot be loaded, or failed in a run. */
  HEDDLE_POLICY: "input",
  /** `ResumeError`: a simulation or snapshot cannot be continued here. */
  HEDDLE_RESUME: "input",
  /** `SnapshotError`: a snapshot file cannot be written, read or trusted. */
  HEDDLE_SNAPSHOT: "input",
  /** `StoreError`: a sweep's store is damaged or in use. */
  HEDDLE_STORE: "input",
  /** `ManifestError`: a sweep's manifest is damaged or was changed. */
  HEDDLE_MANIFEST: "input",
  /** `SweepError`: a sweep has combinations that cannot be built. */
  HEDDLE_SWEEP: "input",
  /** `TornadoError`: the parameters of a tornado do not exist. */
  HEDDLE_TORNADO: "input",
  /** `ShootoutError`: a shoot-out names policies or patterns that are not possible. */
  HEDDLE_SHOOTOUT: "input",
  /** `CompareError`: results cannot be compared. */
  HEDDLE_COMPARE: "input",
  /** `ChartError`: a chart cannot be drawn. */
  HEDDLE_CHART: "input",
  /** `PerfError`: what is asked of `heddle perf` is not possible. */
  HEDDLE_PERF: "input",
  /** `WhatIfError`: what is asked of `heddle what-if` is not possible. */
  HEDDLE_WHAT_IF: "input",
  /** `DiagnoseError`: what is asked of `heddle diagnose` is not possible. */
  HEDDLE_DIAGNOSE: "input",
  /** `ReportError`: a result cannot be made a page of. */
  HEDDLE_REPORT: "input",
  /** `CablingError`: a file of a cabling cannot be read. */
  HEDDLE_CABLING: "input",
  /** `SlurmError`: a command of Slurm is missing, or refused. */
  HEDDLE_SLURM: "input",
  /** `InputError`: a file or an option of the command line. */
  HEDDLE_INPUT: "input",
  /** A run of a batch took longer than its time limit. */
  HEDDLE_TIMEOUT: "job",
  /** `WorkerError`: the worker of a batch ended. */
  HEDDLE_WORKER: "internal",
  /** `CoreTrapError`: the core trapped. */
  HEDDLE_CORE_TRAP: "internal",
  /** Any other error. */
  HEDDLE_INTERNAL: "internal",
} as const satisfies Record<string, ErrorKind>;

/** The code of an error. Codes are stable; texts are not. */
export type HeddleErrorCode = keyof typeof KINDS;

/** All codes of errors. */
export const HEDDLE_ERROR_CODES = Object.keys(KINDS) as readonly HeddleErrorCode[];

/** An error that heddle throws on purpose; `code` says which one without `instanceof`. */
export abstract class HeddleError extends Error {
  abstract readonly code: HeddleErrorCode;
}

/**
 * An error as plain data. Structured clone drops the class, the name and the code of an error,
 * so threads post this record instead.
 */
export interface Fault {
  readonly code: HeddleErrorCode;
  /** Name of the error's class. */
  readonly name: string;
  readonly message: string;
}

/** What is left of an error when it leaves its thread. */
export function faultOf(error: unknown): Fault {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { code: codeOf(error) ?? "HEDDLE_INTERNAL", name, message };
}

/**
 * The code of an error or a fault; undefined for anything else. By the property, not the class:
 * the library may be loaded twice.
 */
export function codeOf(error: unknown): HeddleErrorCode | undefined {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" && Object.hasOwn(KINDS, code) ? (code as HeddleErrorCode) : undefined;
}

/** Who has to act on an error. */
export function kindOf(code: HeddleErrorCode): ErrorKind {
  return KINDS[code];
}
