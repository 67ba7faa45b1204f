/** A point of a sweep: one scenario, by what makes it differ from the others. */

import { type DocNode, DocumentError } from "../../scenario/document/node.js";
import { readValue } from "../../scenario/document/read-value.js";
import { canonicalJson, withoutModule } from "../../scenario/parse/digest.js";
import { parseOverridePath, withValue } from "../../scenario/parse/overrides.js";
import { parseRead, withPolicyDigest } from "../../scenario/parse/parse.js";
import { ScenarioError } from "../../scenario/types/errors.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { formatPath, type Path } from "../../util/document-path.js";
import { sha256Hex } from "../../util/sha256.js";
import { isPolicyPath } from "../policies/path.js";

/** What simulates: the same scenario under another one is another point. */
export interface Build {
  readonly heddleVersion: string;
  readonly coreDigest: string;
}

/** Values by axis, as plain data. */
export type AxisValues = Readonly<Record<string, unknown>>;

/**
 * A custom routing policy that the store of a sweep holds: the name of its file, and the digest of
 * its content.
 */
export interface PointPolicy {
  readonly name: string;
  readonly digest: string;
}

/**
 * 16 hex digits of what a point's result depends on: the scenario whatever its name, and the build
 * that simulates it.
 */
export function pointId(scenario: Scenario, { heddleVersion, coreDigest }: Build): string {
  const text = canonicalJson({ ...withoutModule(scenario), name: "", heddleVersion, coreDigest });
  return sha256Hex(new TextEncoder().encode(text)).slice(0, 16);
}

/** A value and where it goes. */
export interface Change {
  readonly path: Path;
  readonly value: DocNode;
}

/** @throws DocumentError where a path leads nowhere in the base */
export function changed(base: DocNode, changes: readonly Change[]): DocNode {
  return changes.flatMap(spelledOut).reduce((document, { path, value }) => withValue(document, path, value), base);
}

/** `routing.policy: ./mine.ts` is short for `custom` with that module. */
function spelledOut(change: Change): Change[] {
  const { path, value } = change;
  if (formatPath(path) !== "routing.policy" || value.type !== "scalar") return [change];
  if (typeof value.value !== "string" || !isPolicyPath(value.value)) return [change];
  return [
    { path, value: { ...value, value: "custom" } },
    { path: ["routing", "module"], value },
  ];
}

/** What a manifest holds of a sweep's scenario, and of a point. */
interface PlannedBase {
  /** As plain data. */
  readonly base: unknown;
  readonly baseName: string;
}

interface PlannedChange {
  readonly axes: AxisValues;
  readonly seed: number;
  readonly policy?: PointPolicy;
}

const roots = new WeakMap<object, DocNode>();

/** The document that all points of a manifest begin with, read once. @throws DocumentError */
function rootOf(base: unknown): DocNode {
  const read = () => readValue(base, { from: "value" });
  if (typeof base !== "object" || base === null) return read();
  const root = roots.get(base) ?? read();
  roots.set(base, root);
  return root;
}

/**
 * The scenario of a point that a manifest holds.
 * @throws ScenarioError
 */
export function scenarioOfPoint({ base, baseName }: PlannedBase, { axes, seed, policy }: PlannedChange): Scenario {
  try {
    const root = rootOf(base);
    const changes = Object.entries(axes).map(([name, value]) => ({
      path: parseOverridePath(name) ?? [name],
      value: readValue(value, { from: "value" }),
    }));
    const document = changed(root, [...changes, { path: ["seed"], value: readValue(seed, { from: "value" }) }]);
    const { scenario } = parseRead(document, { defaultName: baseName });
    return policy === undefined ? scenario : withPolicyDigest(scenario, policy.digest);
  } catch (cause) {
    if (!(cause instanceof DocumentError)) throw cause;
    throw new ScenarioError([{ message: cause.message, path: formatPath(cause.path) }]);
  }
}

/** `routing.policy=ecmp, workload.size=1MiB`. */
export function describeAxes(axes: AxisValues): string {
  return Object.entries(axes)
    .map(([name, value]) => `${name}=${showValue(value)}`)
    .join(", ");
}

/** Text as it is, anything else as JSON. */
export function showValue(value: unknown): string {
  return typeof value === "string" ? value : canonicalJson(value);
}
