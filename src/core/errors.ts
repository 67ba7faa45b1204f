/** Errors of the core and its loader. */

/** The plan asks for more than the core can represent; the message says what and what to change. */
export class CapacityError extends Error {
  override readonly name = "CapacityError";
}

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
