import { HeddleError } from "../util/heddle-error.js";

/** A simulation or a snapshot that this version of heddle cannot continue from elsewhere. */
export class ResumeError extends HeddleError {
  override readonly name = "ResumeError";
  readonly code = "HEDDLE_RESUME";
}
