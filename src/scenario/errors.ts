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
}

/** The scenario is wrong. Carries every fault that was found, in document order. */
export class ScenarioError extends Error {
  override readonly name = "ScenarioError";

  constructor(readonly issues: readonly ScenarioIssue[]) {
    super(issues.map(formatIssue).join("\n"));
  }
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
