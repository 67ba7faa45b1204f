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
  /** What the first fault at or below a path says besides. */
  readonly #besides = new Map<string, string>();
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
    const where = formatPath(path);
    const key = `${where} ${message}`;
    if (this.#seen.has(key) || this.#settled.has(where)) return;
    this.#seen.add(key);
    const text = `${message}${this.#takeBesides(path)}`;
    this.#issues.push({ message: text, path: where, ...placeOf(origin, this.file) });
  }

  /** The first fault at or below a path ends with this text. */
  addBesides(path: Path, text: string): void {
    this.#besides.set(formatPath(path), text);
  }

  #takeBesides(path: Path): string {
    if (this.#besides.size === 0) return "";
    const above = path.map((_, depth) => formatPath(path.slice(0, depth + 1)));
    const found = above.find((prefix) => this.#besides.has(prefix));
    if (found === undefined) return "";
    const text = this.#besides.get(found)!;
    this.#besides.delete(found);
    return text;
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
    return [...sorted, { message: `and ${this.#left} more`, path: "", faults: this.#left, ...file }];
  }
}

function placeOf(origin: Origin | null, file: string | undefined): Partial<ScenarioIssue> {
  if (origin?.from === "set") return { set: origin.set };
  const named = origin?.from === "text" ? (origin.file ?? file) : file;
  const place = named === undefined ? {} : { file: named };
  return origin?.from === "text" ? { ...place, line: origin.line, column: origin.column } : place;
}
