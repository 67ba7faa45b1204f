import { HeddleError } from "../../util/heddle-error.js";

/** A result cannot be made a page of. */
export class ReportError extends HeddleError {
  override readonly name = "ReportError";
  readonly code = "HEDDLE_REPORT";
}
