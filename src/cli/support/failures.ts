/** Errors to what users see of them. */

import { CommanderError } from "commander";
import { CapacityError } from "../../plan/capacity.js";
import { PlanError } from "../../plan/plan-error.js";
import { ScenarioError } from "../../scenario/types/errors.js";
import { codeOf, type ErrorKind, HeddleError, kindOf } from "../../util/heddle-error.js";
import { formatIssue, type ScenarioIssue } from "../../util/issue.js";
import { ExitCode } from "./exit-codes.js";
import { fileErrorReason } from "./file-errors.js";

export { fileErrorReason };

/** The user can put it right: a file that is not there, an option that makes no sense. */
export class InputError extends HeddleError {
  override readonly name = "InputError";
  readonly code = "HEDDLE_INPUT";
}

/** What the process exits with after an error, by who has to act. */
const EXIT_CODE: Readonly<Record<ErrorKind, ExitCode>> = {
  input: ExitCode.Input,
  job: ExitCode.Unfinished,
  internal: ExitCode.Internal,
};

export interface Failure {
  readonly code: ExitCode;
  /** Whole lines; empty where all has been said. */
  readonly text: string;
}

/** The exit code of an error and what to print. A stack trace only where asked for. */
export function describeFailure(error: unknown, verbose: boolean): Failure {
  const failure = withoutStack(error);
  if (!verbose || !(error instanceof Error) || error.stack === undefined || failure.text === "") return failure;
  return { ...failure, text: `${failure.text}${error.stack}\n` };
}

function withoutStack(error: unknown): Failure {
  if (error instanceof CommanderError) {
    // Help and version are not errors; commander has printed its message already.
    return { code: error.exitCode === 0 ? ExitCode.Done : ExitCode.Input, text: "" };
  }
  if (error instanceof ScenarioError) return { code: ExitCode.Input, text: describeIssues(error.issues) };
  if (error instanceof PlanError && error.issues.length > 0) {
    return { code: ExitCode.Input, text: describeIssues(error.issues) };
  }
  if (error instanceof CapacityError && error.issue !== undefined) {
    return { code: ExitCode.Input, text: describeIssues([error.issue]) };
  }
  if (!(error instanceof Error)) return { code: ExitCode.Internal, text: `heddle: internal error: ${String(error)}\n` };
  const kind = kindOf(codeOf(error) ?? "HEDDLE_INTERNAL");
  if (kind !== "internal") return { code: EXIT_CODE[kind], text: `heddle: ${error.message}\n` };
  if (isSystemError(error) && error.path !== undefined) {
    return { code: ExitCode.Input, text: `heddle: ${error.path}: ${fileErrorReason(error)}\n` };
  }
  const hint = "This is a fault of heddle's own; please report it with the scenario. --verbose prints the stack.\n";
  return { code: EXIT_CODE[kind], text: `heddle: internal error: ${error.message}\n${hint}` };
}

function describeIssues(issues: readonly ScenarioIssue[]): string {
  const lines = issues.map((issue) => `${formatIssue(issue)}\n`).join("");
  const count = issues.reduce((sum, { faults = 1 }) => sum + faults, 0);
  return `${lines}heddle: ${count === 1 ? "1 fault" : `${count} faults`} in the scenario\n`;
}

/**
 * What the system refused, rather than a fault of the program: a full disk, a folder that may not
 * be written.
 */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === "string";
}
