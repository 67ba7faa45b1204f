/**
 * Errors of building a run, with their places in the document that the scenario was parsed from.
 */

import { CapacityError } from "../plan/capacity.js";
import { PlanError } from "../plan/plan-error.js";
import { issueOf } from "../scenario/parse/parse.js";
import type { Scenario } from "../scenario/types/scenario.js";

/**
 * The error with file, line and column of what it blames, so that `run` says of a scenario what
 * `validate` says; the error itself where the document is not known, as in a worker, or where it
 * blames no setting.
 */
export function withPlaces(scenario: Scenario, error: unknown): unknown {
  if (error instanceof PlanError && error.issues.length === 0) {
    const issues = error.faults.flatMap(({ message, paths }) => issueOf(scenario, paths, message) ?? []);
    return issues.length === 0 ? error : new PlanError(error.faults, [], issues);
  }
  if (error instanceof CapacityError && error.issue === undefined && error.paths.length > 0) {
    const { reason, paths, cause } = error;
    const issue = issueOf(scenario, paths, reason);
    return issue === null ? error : new CapacityError(reason, { paths, issue, cause });
  }
  return error;
}

/** What a step returns; its errors have their places. */
export function located<T>(scenario: Scenario, step: () => T): T {
  try {
    return step();
  } catch (cause) {
    throw withPlaces(scenario, cause);
  }
}
