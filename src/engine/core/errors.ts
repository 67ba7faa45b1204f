/** Errors of the core and its loader. */
export { CapacityError } from "../../plan/capacity.js";

/** A fault of the core itself: it trapped. Says where the simulation was. */
export class CoreTrapError extends Error {
  override readonly name = "CoreTrapError";

  constructor(
    message: string,
    readonly simulatedPs: number,
    readonly device: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
