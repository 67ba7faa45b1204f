/** A sweep to its points. */
import { scenarioDigest } from "../scenario/digest.js";
import { type DocNode, DocumentError, originAt, toPlain } from "../scenario/document/node.js";
import { readValue } from "../scenario/document/read-value.js";
import { ScenarioError, type ScenarioIssue } from "../scenario/errors.js";
import { IssueList } from "../scenario/issues.js";
import { parseRead } from "../scenario/parse.js";
import type { Scenario } from "../scenario/scenario.js";
import { type AxisValues, type Build, type Change, changed, describeAxes, pointId } from "./point.js";
import type { Axis, SweepFile } from "./sweep-file.js";

export interface ExpandedPoint {
  /** Points of one sweep that come to the same scenario have one id. */
  readonly id: string;
  readonly axes: AxisValues;
  readonly seed: number;
  readonly scenarioDigest: string;
  readonly scenario: Scenario;
}

/** A combination that is no valid scenario. */
export interface InvalidPoint {
  readonly axes: AxisValues;
  readonly message: string;
}

export interface Expansion {
  readonly points: readonly ExpandedPoint[];
  /** Empty unless the sweep says that they are to be skipped. */
  readonly invalid: readonly InvalidPoint[];
  readonly warnings: readonly ScenarioIssue[];
}

const MOST_POINTS = 200_000;

/**
 * The points in order: the last axis goes fastest, seeds faster still.
 * @throws ScenarioError where the sweep has too many points, or a point is no valid scenario and the sweep does not say to skip those
 */
export function expandSweep(sweep: SweepFile, build: Build, file?: string): Expansion {
  const combinations = sweep.groups.reduce((count, group) => count * group[0]!.values.length, 1);
  const seeds = sweep.seeds === null ? 1 : "count" in sweep.seeds ? sweep.seeds.count : sweep.seeds.list.length;
  if (combinations * seeds > MOST_POINTS) {
    const message = `the sweep has ${combinations} x ${seeds} seeds = ${combinations * seeds} points; at most ${MOST_POINTS}`;
    throw new ScenarioError([{ message, path: "axes", ...(file === undefined ? {} : { file }) }]);
  }
  const faults = new Faults(file, combinations);
  const points: ExpandedPoint[] = [];
  const invalid: InvalidPoint[] = [];
  const warnings = new Map<string, ScenarioIssue>();
  for (let number = 0; number < combinations; number++) {
    const chosen = combination(sweep.groups, number);
    const axes = Object.fromEntries(chosen.map(({ axis, value }) => [axis.name, toPlain(value)]));
    try {
      for (const scenario of scenariosOf(sweep, chosen, file, warnings)) {
        const { seed } = scenario;
        points.push({ id: pointId(scenario, build), axes, seed, scenarioDigest: scenarioDigest(scenario), scenario });
      }
    } catch (cause) {
      if (!(cause instanceof ScenarioError)) throw cause;
      faults.add(cause.issues, axes);
      if (sweep.invalid === "skip")
        invalid.push({ axes, message: cause.issues.map(({ message }) => message).join("; ") });
    }
  }
  if (!faults.isEmpty && (sweep.invalid === "fail" || points.length === 0)) throw new ScenarioError(faults.list());
  return { points, invalid, warnings: [...warnings.values()] };
}

type Chosen = Change & { readonly axis: Axis };

function combination(groups: readonly (readonly Axis[])[], number: number): Chosen[] {
  let rest = number;
  const chosen: Chosen[] = [];
  for (const group of [...groups].reverse()) {
    const count = group[0]!.values.length;
    chosen.unshift(...group.map((axis) => ({ axis, path: axis.path, value: axis.values[rest % count]! })));
    rest = Math.floor(rest / count);
  }
  return chosen;
}

/** One for each seed. @throws ScenarioError */
function* scenariosOf(
  { base, baseName, seeds }: SweepFile,
  changes: readonly Change[],
  file: string | undefined,
  warnings: Map<string, ScenarioIssue>,
): Generator<Scenario> {
  const parse = (more: readonly Change[]): Scenario => {
    const options = { defaultName: baseName, ...(file === undefined ? {} : { file }) };
    try {
      const document = changed(base, [...changes, ...more]);
      const parsed = parseRead(document, options);
      if (parsed.scenario.routing.policy === "custom") throw notCustom(document, file);
      for (const warning of parsed.warnings) warnings.set(`${warning.path} ${warning.message}`, warning);
      return parsed.scenario;
    } catch (cause) {
      if (!(cause instanceof DocumentError)) throw cause;
      const issues = new IssueList(file);
      issues.add(cause.message, cause.path, cause.origin);
      throw new ScenarioError(issues.list());
    }
  };
  const withSeed = (seed: number) => parse([{ path: ["seed"], value: readValue(seed, originAt(base, [])) }]);
  if (seeds === null) {
    yield parse([]);
  } else if ("list" in seeds) {
    for (const seed of seeds.list) yield withSeed(seed);
  } else {
    const first = parse([]);
    yield first;
    for (let k = 1; k < seeds.count; k++) yield withSeed(first.seed + k);
  }
}

/** A point's id stands for its scenario, and the scenario does not hold the policy's file. */
function notCustom(document: DocNode, file: string | undefined): ScenarioError {
  const path = ["routing", "policy"];
  const issues = new IssueList(file);
  issues.add(
    "custom policies cannot be swept in this version; compare them with heddle bench-routing",
    path,
    originAt(document, path),
  );
  return new ScenarioError(issues.list());
}

/** Faults of points, each once, with how many combinations have it. */
class Faults {
  readonly #found = new Map<string, { issue: ScenarioIssue; axes: AxisValues; count: number }>();

  constructor(
    private readonly file: string | undefined,
    private readonly combinations: number,
  ) {}

  get isEmpty(): boolean {
    return this.#found.size === 0;
  }

  add(issues: readonly ScenarioIssue[], axes: AxisValues): void {
    for (const issue of issues) {
      const key = `${issue.file} ${issue.line} ${issue.column} ${issue.path} ${issue.message}`;
      const found = this.#found.get(key);
      if (found === undefined) this.#found.set(key, { issue, axes, count: 1 });
      else found.count += 1;
    }
  }

  /** What not all combinations have says which do. */
  list(): ScenarioIssue[] {
    const all = [...this.#found.values()];
    const issues = all.map(({ issue, axes, count }) => {
      if (count === this.combinations || Object.keys(axes).length === 0) return issue;
      const others = count === 1 ? "" : `in ${count} of ${this.combinations} combinations, e.g. `;
      return { ...issue, message: `${issue.message} (${others}with ${describeAxes(axes)})` };
    });
    const some = all.some(({ count }) => count < this.combinations);
    const hint = "write invalid: skip to leave out combinations that are not valid";
    const place = this.file === undefined ? {} : { file: this.file };
    return some ? [...issues, { message: hint, path: "", ...place }] : issues;
  }
}
