import { HeddleError } from "../../util/heddle-error.js";

/** What is asked of `heddle what-if` is not possible. */
export class WhatIfError extends HeddleError {
  override readonly name = "WhatIfError";
  readonly code = "HEDDLE_WHAT_IF";
}
