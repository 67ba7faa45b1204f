/** A sweep file to its points. */

import { originAt, toPlain } from "../../scenario/document/node.js";
import { readValue } from "../../scenario/document/read-value.js";
import { ScenarioError } from "../../scenario/types/errors.js";
import type { ScenarioIssue } from "../../util/issue.js";
import { type ExpandedPoint, type Expansion, expandedPoint, type InvalidPoint, type SweepSource } from "./expansion.js";
import { type AxisValues, type Change, describeAxes } from "./point.js";
import { PointReader, type ReadContext, type ReadPoint } from "./point-reader.js";
import type { Axis, SweepFile } from "./sweep-file.js";

export function sweepSource(sweep: SweepFile): SweepSource {
  const { name, base, baseName, invalid } = sweep;
  return { name, base, baseName, invalid, expand: (context) => expandSweep(sweep, context) };
}

const MAX_POINTS = 200_000;

/**
 * The points in order: the last axis goes fastest, seeds faster still.
 * @throws ScenarioError where the sweep has too many points, or a point is no valid scenario and
 * the sweep does not say to skip those
 */
export async function expandSweep(sweep: SweepFile, context: ReadContext): Promise<Expansion> {
  const { build, file } = context;
  const combinations = sweep.groups.reduce((count, group) => count * group[0]!.values.length, 1);
  const seeds = sweep.seeds === null ? 1 : "count" in sweep.seeds ? sweep.seeds.count : sweep.seeds.list.length;
  if (combinations * seeds > MAX_POINTS) {
    const message = `the sweep has ${combinations} x ${seeds} seeds = ${combinations * seeds} points; at most ${MAX_POINTS}`;
    throw new ScenarioError([{ message, path: "axes", ...(file === undefined ? {} : { file }) }]);
  }
  const faults = new Faults(file, combinations);
  const reader = new PointReader(sweep.base, sweep.baseName, context);
  const points: ExpandedPoint[] = [];
  const invalid: InvalidPoint[] = [];
  const warnings = new Map<string, ScenarioIssue>();
  for (let number = 0; number < combinations; number++) {
    const chosen = combination(sweep.groups, number);
    const axes = Object.fromEntries(chosen.map(({ axis, value }) => [axis.name, toPlain(value)]));
    try {
      for await (const read of pointsOf(sweep, chosen, reader)) {
        for (const warning of read.warnings) warnings.set(`${warning.path} ${warning.message}`, warning);
        points.push(expandedPoint(read, axes, build));
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
async function* pointsOf(
  { base, seeds }: SweepFile,
  changes: readonly Change[],
  reader: PointReader,
): AsyncGenerator<ReadPoint> {
  const withSeed = (seed: number) =>
    reader.read([...changes, { path: ["seed"], value: readValue(seed, originAt(base, [])) }]);
  if (seeds !== null && "list" in seeds) {
    for (const seed of seeds.list) yield withSeed(seed);
    return;
  }
  const first = await reader.read(changes);
  yield first;
  for (let k = 1; k < (seeds?.count ?? 1); k++) yield withSeed(first.scenario.seed + k);
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
    return some ? [...issues, { message: hint, path: "", faults: 0, ...place }] : issues;
  }
}
