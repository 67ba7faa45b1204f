/** Errors of custom routing policies. */
import { HeddleError } from "../util/heddle-error.js";

/** A custom policy cannot be loaded, or has failed in a run; then the error says where and when. */
export class PolicyError extends HeddleError {
  override readonly name = "PolicyError";
  readonly code = "HEDDLE_POLICY";

  constructor(
    message: string,
    /** Name of the module. */
    readonly module: string,
    /** The decision that failed; absent where there was none yet. */
    readonly where?: { readonly switch: string; readonly simulatedPs: number },
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
