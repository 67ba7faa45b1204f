import { HeddleError } from "../../util/heddle-error.js";

/** A tornado that cannot be made: of parameters that a scenario does not have. */
export class TornadoError extends HeddleError {
  override readonly name = "TornadoError";
  readonly code = "HEDDLE_TORNADO";
}
