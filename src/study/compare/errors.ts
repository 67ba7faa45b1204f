/** The results cannot be compared: what was given is no result, or the sides have nothing in common. */
export class CompareError extends Error {
  override readonly name = "CompareError";
}
