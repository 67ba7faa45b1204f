import { HeddleError } from "../../util/heddle-error.js";

/**
 * A shoot-out that cannot be held: an unknown policy or pattern, or one that the fabric does not
 * allow.
 */
export class ShootoutError extends HeddleError {
  override readonly name = "ShootoutError";
  readonly code = "HEDDLE_SHOOTOUT";
}
