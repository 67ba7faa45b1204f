/** A tornado that cannot be made: of parameters that a scenario does not have. */
export class TornadoError extends Error {
  override readonly name = "TornadoError";
}
