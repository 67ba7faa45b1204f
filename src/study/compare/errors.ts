import { HeddleError } from "../../util/heddle-error.js";

/**
 * The results cannot be compared: what was given is no result, or the sides have nothing in common.
 */
export class CompareError extends HeddleError {
  override readonly name = "CompareError";
  readonly code = "HEDDLE_COMPARE";
}
