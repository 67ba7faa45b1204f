import { HeddleError } from "../../util/heddle-error.js";

/** What is asked of `heddle perf` is not possible. */
export class PerfError extends HeddleError {
  override readonly name = "PerfError";
  readonly code = "HEDDLE_PERF";
}
