/** The values of an axis: a list, or a range that is one for short. */

import type { IssueList } from "../../scenario/document/issues.js";
import { type DocNode, type MapNode, type Scalar, toPlain } from "../../scenario/document/node.js";
import { canonicalJson } from "../../scenario/parse/digest.js";
import { unknownKey } from "../../scenario/schema/fields.js";
import { type Dimension, formatQuantity, parseQuantity } from "../../scenario/types/units.js";
import { formatPath, type Path } from "../../util/document-path.js";

const DIMENSIONS: readonly Dimension[] = ["time", "size", "rate", "length", "temperature", "duration"];
const RANGE_KEYS = ["range", "log", "step", "points"];
const MAX_VALUES = 10_000;
const FORMS =
  "write a list of values, { range: [from, to], step: s }, { range: [from, to], points: n } or { log: [from, to], points: n }";

/** Numbers of one unit: `unit` is undefined for plain ones. */
interface Ends {
  readonly from: number;
  readonly to: number;
  readonly dimension: Dimension | undefined;
}

/** The values, each with its place; null after a fault, which goes to `issues`. */
export function axisValues(node: DocNode, path: Path, issues: IssueList): readonly DocNode[] | null {
  const fail = (message: string, at: DocNode = node, where: Path = path) => {
    issues.add(message, where, at.origin);
    return null;
  };
  if (node.type === "scalar") return fail(FORMS);
  const values = node.type === "list" ? node.items : rangeValues(node, path, issues, fail);
  if (values === null) return null;
  if (values.length === 0) return fail("an axis needs at least one value");
  const seen = new Set<string>();
  for (const value of values) {
    const text = canonicalJson(toPlain(value));
    if (seen.has(text)) {
      const fewer = node.type === "map" ? "; write fewer points" : "";
      return fail(`${text} comes twice${fewer}`, value);
    }
    seen.add(text);
  }
  return values;
}

type Fail = (message: string, at?: DocNode, where?: Path) => null;

function rangeValues(node: MapNode, path: Path, issues: IssueList, fail: Fail): readonly DocNode[] | null {
  for (const [key, entry] of node.entries) {
    if (RANGE_KEYS.includes(key)) continue;
    issues.add(unknownKey(key, RANGE_KEYS), [...path, key], entry.keyOrigin);
    return null;
  }
  const child = (key: string) => node.entries.get(key)?.node;
  const [range, log, step, points] = [child("range"), child("log"), child("step"), child("points")];
  const bounds = range ?? log;
  if (bounds === undefined || (range !== undefined && log !== undefined)) return fail(FORMS);
  const ends = endsOf(bounds, [...path, range === undefined ? "log" : "range"], fail);
  if (ends === null) return null;
  if (step !== undefined && (log !== undefined || points !== undefined)) {
    return fail(`step goes with range alone; ${FORMS}`, step, [...path, "step"]);
  }
  const numbers =
    step !== undefined
      ? byStep(ends, step, [...path, "step"], fail)
      : byCount(ends, log !== undefined, points ?? node, [...path, "points"], fail);
  return (
    numbers?.map((value): DocNode => ({ type: "scalar", value: written(value, ends), origin: node.origin })) ?? null
  );
}

function endsOf(node: DocNode, path: Path, fail: Fail): Ends | null {
  const [first, second, ...more] = node.type === "list" ? node.items : [];
  if (first?.type !== "scalar" || second?.type !== "scalar" || more.length > 0) {
    return fail(`${formatPath(path.slice(-1))} is a list of two ends, e.g. [1MiB, 1GiB]`, node, path);
  }
  const [from, to] = [measure(first.value), measure(second.value)];
  if (from === null || to === null) {
    const wrong = from === null ? first : second;
    return fail(`${JSON.stringify(wrong.value)} is neither a number nor a quantity with a unit`, wrong, path);
  }
  if (from.dimension !== to.dimension) return fail("both ends must be of the same kind", node, path);
  if (from.value >= to.value) return fail("the first end must be less than the second", node, path);
  return { from: from.value, to: to.value, dimension: from.dimension };
}

function measure(value: Scalar): { value: number; dimension: Dimension | undefined } | null {
  if (typeof value === "number") return { value, dimension: undefined };
  if (typeof value !== "string") return null;
  for (const dimension of DIMENSIONS) {
    const parsed = parseQuantity(dimension, value);
    if (parsed.ok) return { value: parsed.value, dimension };
  }
  return null;
}

function byStep(ends: Ends, node: DocNode, path: Path, fail: Fail): number[] | null {
  const step = node.type === "scalar" ? measure(node.value) : null;
  if (step === null || step.dimension !== ends.dimension || step.value <= 0) {
    return fail("step must be more than zero and of the same kind as the ends", node, path);
  }
  // A step that is not exact in binary, 0.1, must not lose the last value.
  const count = Math.floor((ends.to - ends.from) / step.value + 1e-9) + 1;
  if (count > MAX_VALUES) return fail(`that makes ${count} values; at most ${MAX_VALUES}`, node, path);
  return Array.from({ length: count }, (_, i) => ends.from + i * step.value);
}

function byCount(
  { from, to, dimension }: Ends,
  isLog: boolean,
  node: DocNode,
  path: Path,
  fail: Fail,
): number[] | null {
  const points = node.type === "scalar" ? node.value : undefined;
  if (typeof points !== "number" || !Number.isInteger(points) || points < 2 || points > MAX_VALUES) {
    return fail(`write points: a whole number from 2 to ${MAX_VALUES}, both ends included`, node, path);
  }
  if (isLog && from <= 0) return fail("a log range begins above zero", node, path);
  const isWhole = isLog && dimension === undefined && Number.isInteger(from) && Number.isInteger(to);
  return Array.from({ length: points }, (_, i) => {
    const share = i / (points - 1);
    const value = isLog ? from * (to / from) ** share : from + (to - from) * share;
    return isWhole || dimension !== undefined ? Math.round(value) : value;
  });
}

function written(value: number, { dimension }: Ends): Scalar {
  return dimension === undefined ? Number(value.toPrecision(12)) : formatQuantity(dimension, Math.round(value));
}
