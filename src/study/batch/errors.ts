import type { Fault } from "./task.js";

/** A scenario that could not be simulated; `fault` names the error as the library threw it. */
export class RunError extends Error {
  override readonly name = "RunError";

  constructor(readonly fault: Fault) {
    super(fault.message);
  }
}

/** The worker that simulated a scenario ended: out of memory, or a fault of its own. */
export class WorkerError extends Error {
  override readonly name = "WorkerError";
}
