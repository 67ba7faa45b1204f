import { type Fault, HeddleError, type HeddleErrorCode } from "../../util/heddle-error.js";

/** A scenario that could not be simulated; `fault` names the error as the library threw it. */
export class RunError extends HeddleError {
  override readonly name = "RunError";
  /** The code of that error. */
  readonly code: HeddleErrorCode;

  constructor(readonly fault: Fault) {
    super(fault.message);
    this.code = fault.code;
  }
}

/** The worker that simulated a scenario ended: out of memory, or a fault of its own. */
export class WorkerError extends HeddleError {
  override readonly name = "WorkerError";
  readonly code = "HEDDLE_WORKER";
}
