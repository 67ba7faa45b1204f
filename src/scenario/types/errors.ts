import { HeddleError } from "../../util/heddle-error.js";
import type { ScenarioIssue } from "../../util/issue.js";
import { formatIssue } from "../../util/issue.js";

/** The scenario is wrong. Carries every fault that was found, in document order. */
export class ScenarioError extends HeddleError {
  override readonly name = "ScenarioError";
  readonly code = "HEDDLE_SCENARIO";

  constructor(readonly issues: readonly ScenarioIssue[]) {
    super(issues.map(formatIssue).join("\n"));
  }
}
