/** A shoot-out that cannot be held: an unknown policy or pattern, or one that the fabric does not allow. */
export class ShootoutError extends Error {
  override readonly name = "ShootoutError";
}
