/** One fault of an input, and its place. */

/** What can be wrong with a scenario, and where. */

/** One fault of a scenario. */
export interface ScenarioIssue {
  /** What is wrong and what would be right. */
  readonly message: string;
  /** Place inside the document, `workload.flows[3].src`; empty for the document as a whole. */
  readonly path: string;
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
  /** The override at fault, as it was given: `links.fabric.rate=400`. */
  readonly set?: string;
  /** Faults that this stands for, where that is not one: none for advice, many for `and 7 more`. */
  readonly faults?: number;
}

/** One line for people: `scenario.yaml:7:14: links.fabric.rate: "400" is not a rate; …`. */
export function formatIssue(issue: ScenarioIssue): string {
  const path = issue.path === "" ? "" : `${issue.path}: `;
  return `${formatPlace(issue)}${path}${issue.message}`;
}

function formatPlace(issue: ScenarioIssue): string {
  if (issue.set !== undefined) return `--set ${issue.set}: `;
  if (issue.line === undefined) return issue.file === undefined ? "" : `${issue.file}: `;
  const position = `${issue.line}:${issue.column ?? 1}`;
  return issue.file === undefined ? `${position}: ` : `${issue.file}:${position}: `;
}

/** Issues that are listed; more are counted. */
export const MAX_ISSUES = 100;
