/** A scenario that cannot be built as it stands; the message says why and what to change. */
export class PlanError extends Error {
  override readonly name = "PlanError";
}
