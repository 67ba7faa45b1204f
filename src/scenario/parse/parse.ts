/** Text or data to a scenario, with every fault and where it is. */

import { formatPath, type Path } from "../../util/document-path.js";
import type { ScenarioIssue } from "../../util/issue.js";
import { resolveScenario } from "../defaults/scenario.js";
import { type FileReader, inlineFiles } from "../document/inline-files.js";
import { IssueList } from "../document/issues.js";
import {
  type DocNode,
  DocumentError,
  keyOriginAt,
  type MapNode,
  nodeAt,
  type Origin,
  originAt,
  toPlain,
} from "../document/node.js";
import { readText } from "../document/read-text.js";
import { readValue } from "../document/read-value.js";
import { applyPresets } from "../presets/presets.js";
import { classRules } from "../rules/classes.js";
import { closRules } from "../rules/clos.js";
import { collectiveRules } from "../rules/collective.js";
import { combinationRules } from "../rules/combinations.js";
import { customRules } from "../rules/custom.js";
import { dragonflyRules } from "../rules/dragonfly.js";
import { faultRules } from "../rules/faults.js";
import { flowFileRules } from "../rules/flow-files.js";
import { jobRules, ofEachJob } from "../rules/jobs.js";
import { opticLineRules } from "../rules/optic-lines.js";
import { opticRules } from "../rules/optics.js";
import { packetRules } from "../rules/packets.js";
import { programRules } from "../rules/program.js";
import type { Message, RuleContext } from "../rules/rule.js";
import { settingRules } from "../rules/settings.js";
import { siteRules } from "../rules/sites.js";
import { traceRules } from "../rules/trace.js";
import { trainingRules } from "../rules/training.js";
import { unusedRules } from "../rules/unused.js";
import { workloadRules } from "../rules/workload.js";
import { unknownKey } from "../schema/fields.js";
import { SECTIONS, type SectionName, type Sections, TOP_LEVEL_KEYS } from "../schema/sections.js";
import { flattenIssues } from "../schema/zod-issues.js";
import { ScenarioError } from "../types/errors.js";
import type { FlowFiles } from "../types/flow-table.js";
import type { TraceFiles } from "../types/read-trace.js";
import type { Scenario } from "../types/scenario.js";
import { applyOverrides } from "./overrides.js";

/** What a text or document is read with. */
export interface ParseOptions {
  /** Name of the file, for messages. */
  readonly file?: string;
  /** Overrides, `path=value`, applied before anything is checked. */
  readonly set?: readonly string[];
  /** Name of a scenario that has none. */
  readonly defaultName?: string;
  /** The flows of files that it names; without them such a scenario is refused. */
  readonly flowFiles?: FlowFiles;
  /** What the files of a trace hold; without it such a scenario is refused. */
  readonly traceFiles?: TraceFiles;
  /** Reads CSV files of distributions that the scenario names; left out, they are faults. */
  readonly readFile?: FileReader;
}

/** A scenario that is complete and valid, and warnings about it. */
export interface ParsedScenario {
  readonly scenario: Scenario;
  /** What is legal, but probably not meant. */
  readonly warnings: readonly ScenarioIssue[];
}

/**
 * Reads a scenario from YAML or JSON text.
 * @throws ScenarioError with every fault of the text, by line and column.
 */
export function parseScenarioText(text: string, options: ParseOptions = {}): ParsedScenario {
  const read = readText(text, options.file);
  if ("issues" in read) throw new ScenarioError(read.issues);
  return parseDocument(read.root, options);
}

/**
 * Reads a scenario from plain data, as `JSON.parse` gives it or a program writes it.
 * @throws ScenarioError with every fault, by path.
 */
export function parseScenario(value: unknown, options: ParseOptions = {}): ParsedScenario {
  let root: DocNode;
  try {
    root = readValue(value, { from: "value" });
  } catch (cause) {
    if (!(cause instanceof DocumentError)) throw cause;
    throw new ScenarioError([{ message: cause.message, path: formatPath(cause.path) }]);
  }
  return parseDocument(root, options);
}

/**
 * As `parseScenarioText`, of a document that has been read. Scenarios that are parsed so share what
 * they have in common, and are not to be changed.
 * @throws ScenarioError
 */
export function parseRead(root: DocNode, options: ParseOptions = {}): ParsedScenario {
  return parseDocument(root, options, defaultSections);
}

const RULES = [
  ...closRules,
  ...siteRules,
  ...dragonflyRules,
  ...customRules,
  ...packetRules,
  ...classRules,
  ...workloadRules,
  ...flowFileRules,
  ...programRules,
  ...trainingRules,
  ...traceRules,
  ...jobRules,
  ...collectiveRules,
  ...combinationRules,
  ...opticRules,
  ...opticLineRules,
  ...settingRules,
  ...faultRules,
  ...unusedRules,
].map(ofEachJob);

function parseDocument(written: DocNode, options: ParseOptions, defaults?: DefaultSections): ParsedScenario {
  const issues = new IssueList(options.file);
  const warnings = new IssueList(options.file);
  const named = applyOverrides(written, options.set ?? [], issues);
  if (named.type !== "map") {
    issues.add("a scenario is a map; write its keys, e.g. topology and workload", [], named.origin);
    throw new ScenarioError(issues.list());
  }
  const overridden = options.readFile === undefined ? named : inlineFiles(named, options.readFile, issues);
  const root = applyPresets(overridden, issues);
  checkTopLevelKeys(overridden, issues);
  const { sections, wrong } = parseSections(root, options.defaultName ?? "unnamed", issues, defaults);
  const flowFiles = options.flowFiles ?? (() => undefined);
  const traceFiles = options.traceFiles ?? (() => undefined);
  const context = ruleContext({ root, issues, warnings, flowFiles, traceFiles });
  for (const rule of RULES) {
    // The sections that a rule needs are there; it looks at no others.
    if (!rule.needs.some((name) => wrong.has(name))) rule.check(sections as Sections, context);
  }
  if (!issues.isEmpty) throw new ScenarioError(issues.list());
  const scenario = resolveScenario(sections as Sections, flowFiles, traceFiles);
  documents.set(scenario, { written: overridden, root, file: options.file });
  return { scenario, warnings: warnings.list() };
}

/** What a scenario was parsed from. */
interface Source {
  /** The document with its overrides, but without presets. */
  readonly written: MapNode;
  readonly root: MapNode;
  readonly file: string | undefined;
}

const documents = new WeakMap<Scenario, Source>();

/**
 * What a scenario was parsed from, overrides applied, as plain data: to be kept, or parsed again
 * with other overrides.
 */
export function documentOf(scenario: Scenario): unknown {
  const source = documents.get(scenario);
  return source && { ...(toPlain(source.written) as object), name: scenario.name };
}

/**
 * A fault that shows only when the scenario is built, with its place in the document; null where
 * that is not known. Of several paths the first that was overridden, or else written, is blamed.
 */
export function issueOf(scenario: Scenario, paths: readonly Path[], message: string): ScenarioIssue | null {
  const source = documents.get(scenario);
  if (source === undefined || paths.length === 0) return null;
  const issues = new IssueList(source.file);
  const none = () => undefined;
  ruleContext({ root: source.root, issues, warnings: issues, flowFiles: none, traceFiles: none }).fail(paths, message);
  return issues.list()[0] ?? null;
}

/** The scenario with a custom routing policy of this content. */
export function withPolicyDigest(scenario: Scenario, digest: string): Scenario {
  const { routing } = scenario;
  if (routing.custom === undefined) return scenario;
  const changed = { ...scenario, routing: { ...routing, custom: { ...routing.custom, digest } } };
  const source = documents.get(scenario);
  if (source !== undefined) documents.set(changed, source);
  return changed;
}

function checkTopLevelKeys(root: MapNode, issues: IssueList): void {
  for (const [key, entry] of root.entries) {
    const known = key === "$schema" || TOP_LEVEL_KEYS.includes(key);
    if (!known) issues.add(unknownKey(key, TOP_LEVEL_KEYS), [key], entry.keyOrigin);
  }
}

/** Sections without faults, by their nodes: points of a sweep have most of them in common. */
const parsed = new WeakMap<DocNode, { readonly name: SectionName; readonly data: unknown }>();
/** Sections that are not written, but for the name. Only scenarios of one sweep share them. */
type DefaultSections = Map<SectionName, unknown>;
const defaultSections: DefaultSections = new Map();

/**
 * Each section by itself, so that one that is wrong does not hide what the rules have to say about
 * the others.
 */
function parseSections(root: MapNode, defaultName: string, issues: IssueList, defaults?: DefaultSections) {
  const sections: Partial<Record<SectionName, unknown>> = {};
  const wrong = new Set<SectionName>();
  for (const name of Object.keys(SECTIONS) as SectionName[]) {
    const node = root.entries.get(name)?.node;
    const known = node && parsed.get(node);
    if (known?.name === name) {
      sections[name] = known.data;
      continue;
    }
    if (name === "workload" && node === undefined && root.entries.has("jobs")) continue;
    if (node === undefined && defaults?.has(name)) {
      sections[name] = defaults.get(name);
      continue;
    }
    const plain = node === undefined ? (name === "name" ? defaultName : undefined) : toPlain(node);
    const result = SECTIONS[name].safeParse(plain);
    if (result.success) {
      if (node?.type === "map") parsed.set(node, { name, data: result.data });
      if (node === undefined && name !== "name") defaults?.set(name, result.data);
      sections[name] = result.data;
      continue;
    }
    wrong.add(name);
    for (const issue of flattenIssues(result.error.issues, [name])) {
      if (issues.isFull) issues.count();
      else issues.add(issue.message, issue.path, locate(root, issue.path, issue.atKey));
    }
  }
  return { sections, wrong };
}

interface Ground {
  readonly root: MapNode;
  readonly issues: IssueList;
  readonly warnings: IssueList;
  readonly flowFiles: FlowFiles;
  readonly traceFiles: TraceFiles;
}

function ruleContext({ root, issues, warnings, flowFiles, traceFiles }: Ground): RuleContext {
  const isWritten = (path: Path) => {
    const node = nodeAt(root, path);
    return node !== null && node.origin.from !== "preset";
  };
  const isOverridden = (path: Path) => nodeAt(root, path)?.origin.from === "set";
  const add = (list: IssueList) => (paths: readonly Path[], message: Message) => {
    if (list.isFull) {
      list.count();
      return;
    }
    const path = paths.find(isOverridden) ?? paths.find(isWritten) ?? paths[0]!;
    list.add(typeof message === "string" ? message : message(), path, locate(root, path, false));
  };
  const failIn: RuleContext["failIn"] = (file, line, path, message) => {
    if (issues.isFull) issues.count();
    else issues.add(typeof message === "string" ? message : message(), path, { from: "text", file, line, column: 1 });
  };
  return { fail: add(issues), warn: add(warnings), failIn, flowFiles, traceFiles, isWritten };
}

/** What a preset brought in is found where the preset is named. */
function locate(root: MapNode, path: Path, atKey: boolean): Origin {
  const origin = atKey ? keyOriginAt(root, path) : originAt(root, path);
  return origin.from === "preset" ? originAt(root, ["preset"]) : origin;
}
