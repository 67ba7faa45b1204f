/** What a batch and its workers say to each other. */

import type { CompiledCore } from "../../engine/core/instance.js";
import type { CompiledPolicy, PolicyModule } from "../../engine/policy/source.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import type { Fault } from "../../util/heddle-error.js";

export interface WorkerData {
  readonly core: CompiledCore;
  /** URL of what the worker runs: `worker.js`, or what stands in its place. */
  readonly module: string;
}

/** A routing policy that a worker can be given. */
export type PostablePolicy = PolicyModule | CompiledPolicy;

export interface RunTask {
  readonly scenario: Scenario;
  readonly withFlows: boolean;
  /** Where the scenario's routing is custom. A function cannot be given to a worker. */
  readonly policy?: PostablePolicy;
  /** Up to this number, where it pays. */
  readonly threads: number;
}

/** Errors of a run are answers; what a worker throws is the worker's own end. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

/** A result document as JSON: its text is posted in half the time of the document itself. */
export type RunAnswer = Answer<string>;
