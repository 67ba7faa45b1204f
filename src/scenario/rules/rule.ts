/**
 * Rules between fields. Each looks at the sections it needs, and is skipped while one of them is
 * itself wrong.
 */
import type { Path } from "../../util/document-path.js";
import type { SectionName, Sections } from "../schema/sections.js";
import type { FlowFiles } from "../types/flow-table.js";
import type { TraceFiles } from "../types/read-trace.js";

export type Message = string | (() => string);

export interface RuleContext {
  /**
   * Reports a fault. Of several paths the first that was overridden, or else written, is blamed.
   * A message that takes time to write (a search for similar names) is passed as a function: it is
   * called only for faults that are listed.
   */
  fail(paths: readonly Path[], message: Message): void;
  warn(paths: readonly Path[], message: Message): void;
  /** Reports a fault on a line of another file that the scenario names. */
  failIn(file: string, line: number, path: Path, message: Message): void;
  /** Flows of a file that the scenario names. */
  readonly flowFiles: FlowFiles;
  /** What the files of a trace hold. */
  readonly traceFiles: TraceFiles;
  /** The user wrote a value at this path, rather than a preset or a default. */
  isWritten(path: Path): boolean;
}

export interface Rule {
  readonly needs: readonly SectionName[];
  check(sections: Sections, context: RuleContext): void;
}

type Written = Sections["workload"];

/** A rule about workloads of one kind, those of jobs included. */
export function ruleOfKind<K extends Written["kind"]>(
  kind: K,
  needs: readonly SectionName[],
  check: (workload: Extract<Written, { kind: K }>, sections: Sections, context: RuleContext) => void,
): Rule {
  return {
    needs: ["workload", ...needs],
    check: (sections, context) => {
      const { workload } = sections;
      if (workload?.kind === kind) check(workload as Extract<Written, { kind: K }>, sections, context);
    },
  };
}
