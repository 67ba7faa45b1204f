/** A point of a sweep: one scenario, by what makes it differ from the others. */
import { sha256Hex } from "../hash/sha256.js";
import { canonicalJson } from "../scenario/digest.js";
import { type DocNode, DocumentError, formatPath, type Path } from "../scenario/document/node.js";
import { readValue } from "../scenario/document/read-value.js";
import { ScenarioError } from "../scenario/errors.js";
import { parseOverridePath, withValue } from "../scenario/overrides.js";
import { parseRead } from "../scenario/parse.js";
import type { Scenario } from "../scenario/scenario.js";

/** What simulates: the same scenario under another one is another point. */
export interface Build {
  readonly heddleVersion: string;
  readonly coreDigest: string;
}

/** Values by axis, as plain data. */
export type AxisValues = Readonly<Record<string, unknown>>;

/** 16 hex digits of what a point's result depends on: the scenario whatever its name, and the build that simulates it. */
export function pointId(scenario: Scenario, { heddleVersion, coreDigest }: Build): string {
  const text = canonicalJson({ ...scenario, name: "", heddleVersion, coreDigest });
  return sha256Hex(new TextEncoder().encode(text)).slice(0, 16);
}

/** A value and where it goes. */
export interface Change {
  readonly path: Path;
  readonly value: DocNode;
}

/** @throws DocumentError where a path leads nowhere in the base */
export function changed(base: DocNode, changes: readonly Change[]): DocNode {
  return changes.reduce((document, { path, value }) => withValue(document, path, value), base);
}

/**
 * The scenario of a point that a manifest holds.
 * @param base the sweep's scenario, as plain data
 * @throws ScenarioError
 */
export function scenarioOfPoint(base: unknown, baseName: string, axes: AxisValues, seed: number): Scenario {
  try {
    const root = readValue(base, { from: "value" });
    const changes = Object.entries(axes).map(([name, value]) => ({
      path: parseOverridePath(name) ?? [name],
      value: readValue(value, { from: "value" }),
    }));
    const document = changed(root, [...changes, { path: ["seed"], value: readValue(seed, { from: "value" }) }]);
    return parseRead(document, { defaultName: baseName }).scenario;
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
