/** Collects the faults of a scenario with their places. */

import { formatPath, type Path } from "../../util/document-path.js";
import type { ScenarioIssue } from "../../util/issue.js";
import { MAX_ISSUES } from "../../util/issue.js";
import type { Origin } from "./node.js";

export class IssueList {
  readonly #issues: ScenarioIssue[] = [];
  readonly #seen = new Set<string>();
  /** Paths whose one fault is known. */
  readonly #settled = new Set<string>();
  #left = 0;

  constructor(private readonly file: string | undefined) {}

  get isEmpty(): boolean {
    return this.#issues.length === 0;
  }

  /**
   * Nothing more is listed: faults that follow are only counted, so their messages are not needed.
   */
  get isFull(): boolean {
    return this.#issues.length >= MAX_ISSUES;
  }

  /** Counts a fault without listing it. */
  count(): void {
    this.#left++;
  }

  /** Adds a fault at a path; `origin` is null where nothing in the text stands for it. */
  add(message: string, path: Path, origin: Origin | null): void {
    if (this.isFull) {
      this.count();
      return;
    }
    const issue = { message, path: formatPath(path), ...placeOf(origin, this.file) };
    const key = `${issue.path} ${message}`;
    if (this.#seen.has(key) || this.#settled.has(issue.path)) return;
    this.#seen.add(key);
    this.#issues.push(issue);
  }

  /** Adds a fault, and drops those that follow at the same path: they would only repeat it. */
  addLast(message: string, path: Path, origin: Origin | null): void {
    this.add(message, path, origin);
    this.#settled.add(formatPath(path));
  }

  /** By place: overrides first, then down the document; another file's after that. */
  list(): readonly ScenarioIssue[] {
    const isElsewhere = ({ file }: ScenarioIssue) => (file === undefined || file === this.file ? 0 : 1);
    const sorted = [...this.#issues].sort(
      (a, b) => isElsewhere(a) - isElsewhere(b) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
    );
    if (this.#left === 0) return sorted;
    const file = this.file === undefined ? {} : { file: this.file };
    return [...sorted, { message: `and ${this.#left} more`, path: "", ...file }];
  }
}

function placeOf(origin: Origin | null, file: string | undefined): Partial<ScenarioIssue> {
  if (origin?.from === "set") return { set: origin.set };
  const named = origin?.from === "text" ? (origin.file ?? file) : file;
  const place = named === undefined ? {} : { file: named };
  return origin?.from === "text" ? { ...place, line: origin.line, column: origin.column } : place;
}
