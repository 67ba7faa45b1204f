import { HeddleError } from "../../util/heddle-error.js";

/** What is asked of `heddle diagnose` is not possible. */
export class DiagnoseError extends HeddleError {
  override readonly name = "DiagnoseError";
  readonly code = "HEDDLE_DIAGNOSE";
}
