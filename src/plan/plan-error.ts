import { formatPath, type Path } from "../util/document-path.js";
import { HeddleError } from "../util/heddle-error.js";
import { formatIssue, MAX_ISSUES, type ScenarioIssue } from "../util/issue.js";

/** One reason why a scenario cannot be built. */
export interface PlanFault {
  readonly message: string;
  /**
   * Settings of the scenario that may be to blame: of these the first that the user wrote is named.
   */
  readonly paths: readonly Path[];
}

/** A scenario that cannot be built as it stands; the message says why and what to change. */
export class PlanError extends HeddleError {
  override readonly name = "PlanError";
  readonly code = "HEDDLE_PLAN";
  readonly faults: readonly PlanFault[];

  /**
   * @param issues the faults with their places, where the scenario's document is known
   */
  constructor(
    what: string | readonly PlanFault[],
    paths: readonly Path[] = [],
    readonly issues: readonly ScenarioIssue[] = [],
  ) {
    const faults = typeof what === "string" ? [{ message: what, paths }] : what;
    super((issues.length > 0 ? issues : faults.map(withoutPlace)).map(formatIssue).join("\n"));
    this.faults = faults;
  }
}

/** As much as is known without the document: the setting. */
function withoutPlace({ message, paths: [path = []] }: PlanFault): ScenarioIssue {
  return { message, path: formatPath(path) };
}

/** Collects what is wrong with a scenario from steps that do not need each other. */
export class PlanFaults {
  readonly #faults: PlanFault[] = [];

  /** At most this number is listed: more would not help. */
  get isFull(): boolean {
    return this.#faults.length >= MAX_ISSUES;
  }

  /**
   * What a step returns; undefined where it fails with a PlanError, which is kept.
   * @param base place of the part of the document that the step is about: its paths lead on from
   * there
   */
  attempt<T>(step: () => T, base: Path = []): T | undefined {
    try {
      return step();
    } catch (cause) {
      if (!(cause instanceof PlanError)) throw cause;
      for (const { message, paths } of cause.faults) {
        this.#faults.push({ message, paths: paths.length === 0 ? [base] : paths.map((path) => [...base, ...path]) });
      }
      return undefined;
    }
  }

  /** @throws PlanError with all that was collected */
  throwIfAny(): void {
    if (this.#faults.length > 0) throw new PlanError(this.#faults);
  }
}
