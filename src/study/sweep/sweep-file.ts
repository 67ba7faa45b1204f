/**
 * A sweep file: a scenario, and what is varied in it.
 *
 *     name: oversubscription
 *     base: rail-1k.yaml               # or a scenario, written here
 *     axes:
 *       routing.policy: [ecmp, adaptive]
 *       workload.size: { log: [1MiB, 1GiB], points: 11 }
 *     zip: [[topology.gpus, topology.radix]]
 *     seeds: 20
 */

import { IssueList } from "../../scenario/document/issues.js";
import { type DocNode, type MapNode, toPlain } from "../../scenario/document/node.js";
import { readText } from "../../scenario/document/read-text.js";
import { applyOverrides, parseOverridePath } from "../../scenario/parse/overrides.js";
import { unknownKey } from "../../scenario/schema/fields.js";
import { ScenarioError } from "../../scenario/types/errors.js";
import type { Path } from "../../util/document-path.js";
import { axisValues } from "./axis-values.js";

export interface Axis {
  /** As it was written: `routing.policy`. */
  readonly name: string;
  readonly path: Path;
  readonly values: readonly DocNode[];
}

export interface SweepFile {
  readonly name: string;
  /** Not validated yet: it may lack what axes bring. */
  readonly base: DocNode;
  /** Name of scenarios that have none. */
  readonly baseName: string;
  readonly axes: readonly Axis[];
  /** Axes that go forward together. Every axis is in one group. */
  readonly groups: readonly (readonly Axis[])[];
  /** Null: the seed of the base. */
  readonly seeds: { readonly count: number } | { readonly list: readonly number[] } | null;
  /** What becomes of combinations that are no valid scenario. */
  readonly invalid: "fail" | "skip";
}

/** The text of a scenario that `base` names. */
export interface BaseText {
  readonly text: string;
  readonly file: string;
  readonly defaultName: string;
}

export interface SweepOptions {
  readonly file?: string;
  readonly defaultName?: string;
  /** Overrides of the base, `path=value`. */
  readonly set?: readonly string[];
  /** Reads the scenario that `base` names. What it throws is reported at the place of the name. */
  readonly readBase?: (name: string) => Promise<BaseText>;
}

const KEYS = ["version", "name", "base", "axes", "zip", "seeds", "invalid"];
const MAX_SEEDS = 100_000;
const LONGEST_NAME = 100;
const LARGEST_SEED = 2 ** 32 - 1;
/** What tells scenarios apart without being a part of them. */
const NO_AXES: ReadonlySet<string> = new Set(["version", "name"]);

/**
 * Reads a sweep file and the scenario that it is based on.
 * @throws ScenarioError with every fault, by line and column.
 */
export async function readSweep(text: string, options: SweepOptions = {}): Promise<SweepFile> {
  const { file, defaultName = "sweep", set = [] } = options;
  const read = readText(text, file);
  if ("issues" in read) throw new ScenarioError(read.issues);
  const issues = new IssueList(file);
  const { root } = read;
  if (root.type !== "map") {
    issues.add("a sweep is a map; write its keys, base and axes", [], root.origin);
    throw new ScenarioError(issues.list());
  }
  for (const [key, { keyOrigin }] of root.entries) {
    if (!KEYS.includes(key)) issues.add(unknownKey(key, KEYS) + hintOf(key), [key], keyOrigin);
  }
  const value = (key: string) => root.entries.get(key)?.node;
  const version = value("version");
  if (version !== undefined && plain(version) !== 1) issues.add("supported: 1", ["version"], version.origin);
  const base = await baseOf(root, options, issues);
  const axes = axesOf(value("axes"), issues);
  const seeds = seedsOf(value("seeds"), axes, issues);
  const groups = groupsOf(value("zip"), axes, issues);
  const invalid = choiceOf(value("invalid"), issues);
  const name = nameOf(value("name"), defaultName, issues);
  const changed = base === null ? null : applyOverrides(base.root, set, issues);
  checkOverrides(set, axes, issues);
  if (issues.isEmpty && axes.length === 0 && seeds === null) {
    issues.add("nothing is varied; write axes, or seeds", [], root.origin);
  }
  if (!issues.isEmpty || changed === null) throw new ScenarioError(issues.list());
  return { name, base: changed, baseName: base?.name ?? name, axes, groups, seeds, invalid };
}

const hintOf = (key: string) =>
  ["topology", "workload", "routing", "transport", "links"].includes(key)
    ? "; a scenario stands under base, or in a file of its own that base names"
    : "";

const plain = (node: DocNode): unknown => toPlain(node);

async function baseOf(
  root: MapNode,
  { readBase, defaultName }: SweepOptions,
  issues: IssueList,
): Promise<{ root: DocNode; name: string } | null> {
  const node = root.entries.get("base")?.node;
  const fail = (message: string) => {
    issues.add(message, ["base"], node?.origin ?? root.origin);
    return null;
  };
  if (node === undefined) return fail("missing; write a scenario, or the name of a file with one");
  if (node.type === "map") return { root: node, name: defaultName ?? "sweep" };
  const name = plain(node);
  if (typeof name !== "string") return fail("write a scenario, or the name of a file with one");
  if (readBase === undefined) return fail("files cannot be read here; write the scenario itself");
  let base: BaseText;
  try {
    base = await readBase(name);
  } catch (cause) {
    return fail((cause as Error).message);
  }
  const read = readText(base.text, base.file, true);
  if ("issues" in read) throw new ScenarioError(read.issues);
  return { root: read.root, name: base.defaultName };
}

function axesOf(node: DocNode | undefined, issues: IssueList): Axis[] {
  if (node === undefined) return [];
  if (node.type !== "map") {
    issues.add("axes are a map from paths to values, e.g. routing.policy: [ecmp, adaptive]", ["axes"], node.origin);
    return [];
  }
  const axes: Axis[] = [];
  for (const [name, { keyOrigin, node: values }] of node.entries) {
    const fail = (message: string) => issues.add(message, ["axes", name], keyOrigin);
    const path = parseOverridePath(name);
    if (path === null) fail("write the path of a value, e.g. links.fabric.rate or faults[0].ber");
    else if (NO_AXES.has(name)) fail(`${name} cannot be varied`);
    const list = axisValues(values, ["axes", name], issues);
    if (path === null || list === null) continue;
    const other = axes.find((axis) => overlap(axis.path, path));
    if (other !== undefined) fail(`${name} and the axis ${other.name} change the same value`);
    axes.push({ name, path, values: list });
  }
  return axes;
}

/** One is the other, or encloses it. */
function overlap(a: Path, b: Path): boolean {
  const shorter = Math.min(a.length, b.length);
  return a.slice(0, shorter).every((step, i) => step === b[i]);
}

function seedsOf(node: DocNode | undefined, axes: readonly Axis[], issues: IssueList): SweepFile["seeds"] {
  if (node === undefined) return null;
  const fail = (message: string, at: DocNode = node) => {
    issues.add(message, ["seeds"], at.origin);
    return null;
  };
  if (axes.some(({ name }) => name === "seed")) return fail("seed is an axis already; write one of the two");
  const isSeed = (value: unknown, most: number, least: number): value is number =>
    typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
  const value = plain(node);
  if (isSeed(value, MAX_SEEDS, 1)) return { count: value };
  if (!Array.isArray(value)) return fail(`write how many seeds, from 1 to ${MAX_SEEDS}, or a list of them`);
  if (value.length === 0 || value.length > MAX_SEEDS) return fail(`write from 1 to ${MAX_SEEDS} seeds`);
  if (new Set(value).size !== value.length) return fail("a seed comes twice");
  if (!value.every((seed) => isSeed(seed, LARGEST_SEED, 0))) {
    return fail(`seeds are whole numbers from 0 to ${LARGEST_SEED}`);
  }
  return { list: value };
}

function groupsOf(node: DocNode | undefined, axes: readonly Axis[], issues: IssueList): (readonly Axis[])[] {
  const zipped: Axis[][] = [];
  const fail = (message: string, at: DocNode) => issues.add(message, ["zip"], at.origin);
  if (node !== undefined && node.type !== "list") fail("write a list of lists of axes that go together", node);
  for (const item of node?.type === "list" ? node.items : []) {
    const names = plain(item);
    if (!Array.isArray(names) || names.length < 2) {
      fail("write a list of lists of two or more axes, e.g. [[topology.gpus, topology.radix]]", item);
      continue;
    }
    const unknown = names.find((name) => !axes.some((axis) => axis.name === name));
    if (unknown !== undefined) {
      fail(`${JSON.stringify(unknown)} is none of the axes`, item);
      continue;
    }
    const group = names.map((name) => axes.find((axis) => axis.name === name)!);
    if (new Set(group).size < group.length || group.some((axis) => zipped.some((other) => other.includes(axis)))) {
      fail("an axis can be in one group only, once", item);
    }
    const lengths = group.map(({ name, values }) => `${name} has ${values.length}`);
    if (group.some(({ values }) => values.length !== group[0]!.values.length)) {
      fail(`axes that go together need equally many values: ${lengths.join(", ")}`, item);
    }
    zipped.push(group);
  }
  // A group stands where its first axis does.
  const groups = axes.map((axis) => zipped.find((group) => group.includes(axis)) ?? [axis]);
  return groups.filter((group, i) => groups.indexOf(group) === i);
}

function choiceOf(node: DocNode | undefined, issues: IssueList): "fail" | "skip" {
  const value = node === undefined ? "fail" : plain(node);
  if (value === "fail" || value === "skip") return value;
  issues.add("write fail or skip: what becomes of combinations that are no valid scenario", ["invalid"], node!.origin);
  return "fail";
}

/** A text as the name of a sweep. */
export function sweepName(text: string): string {
  return (
    text
      .replace(/[^\w.-]/g, "-")
      .replace(/^[.-]+/, "")
      .slice(0, LONGEST_NAME) || "sweep"
  );
}

/** It becomes a file's name. */
function nameOf(node: DocNode | undefined, fallback: string, issues: IssueList): string {
  const value = node === undefined ? sweepName(fallback) : plain(node);
  if (typeof value === "string" && /^\w[\w.-]{0,99}$/.test(value)) return value;
  issues.add("a sweep's name is made of letters, digits, dots, dashes and underscores", ["name"], node!.origin);
  return fallback;
}

function checkOverrides(set: readonly string[], axes: readonly Axis[], issues: IssueList): void {
  for (const override of set) {
    const path = parseOverridePath(override.split("=", 1)[0]!);
    const axis = path === null ? undefined : axes.find((other) => overlap(other.path, path));
    if (axis !== undefined) {
      issues.add(`the axis ${axis.name} varies this value`, path!, { from: "set", set: override });
    }
  }
}
