import type { ScenarioIssue } from "../../util/issue.js";
import { formatIssue } from "../../util/issue.js";

/** The scenario is wrong. Carries every fault that was found, in document order. */
export class ScenarioError extends Error {
  override readonly name = "ScenarioError";

  constructor(readonly issues: readonly ScenarioIssue[]) {
    super(issues.map(formatIssue).join("\n"));
  }
}
