/** Errors of the core and its loader. */
import { HeddleError } from "../../util/heddle-error.js";

export { CapacityError } from "../../plan/capacity.js";

/** A fault of the core itself: it trapped. Says where the simulation was. */
export class CoreTrapError extends HeddleError {
  override readonly name = "CoreTrapError";
  readonly code = "HEDDLE_CORE_TRAP";

  constructor(
    message: string,
    readonly simulatedPs: number,
    readonly device: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
