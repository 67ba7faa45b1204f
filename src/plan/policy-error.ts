/** Errors of custom routing policies. */

/** A custom policy cannot be loaded, or has failed in a run; then the error says where and when. */
export class PolicyError extends Error {
  override readonly name = "PolicyError";

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
