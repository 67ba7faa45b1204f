/** Scenario files: a path, `-` for standard input, or the name of a bundled example. */

import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { LARGEST_TEXT, SHORTER } from "../../scenario/document/limits.js";
import { readText } from "../../scenario/document/read-text.js";
import { type ParsedScenario, parseRead, withPolicyDigest } from "../../scenario/parse/parse.js";
import { ScenarioError } from "../../scenario/types/errors.js";
import type { FlowFiles, FlowTable } from "../../scenario/types/flow-table.js";
import type { ReadTrace, TraceFiles, TraceRequest } from "../../scenario/types/read-trace.js";
import { didYouMean, nearest } from "../../scenario/types/suggest.js";
import { otherFormat } from "../../study/imports/common/recognise.js";
import { type PolicyFile, readPolicyFile } from "../../study/policies/read-file.js";
import { formatIssue } from "../../util/issue.js";
import { type ExampleKind, exampleNames, exampleUrl } from "./bundled.js";
import type { Environment } from "./environment.js";
import { fileErrorReason, InputError } from "./failures.js";
import { readAll } from "./read-all.js";
import { siblingReader } from "./sibling-file.js";

const SCENARIO_FILE = /\.(ya?ml|json)$/i;

/** Characters that tell what a file is. */
const LOOKED_AT = 4096;

export interface ScenarioInput {
  readonly text: string;
  /** As messages show it. */
  readonly file: string;
  /** For a scenario without a name of its own. */
  readonly defaultName: string;
  /** Where the files that it names are. */
  readonly folder: string;
}

export interface ReadOptions {
  readonly set?: readonly string[];
  readonly quiet?: boolean;
  /** File of a custom routing policy, instead of the scenario's own routing. */
  readonly policy?: string;
}

export interface ReadScenario extends ParsedScenario {
  /** The custom routing policy, read but not run; its digest is in the scenario. */
  readonly policy?: PolicyFile;
}

/**
 * Reads and checks the scenario that an argument names, and the file of its custom routing policy;
 * warnings go to standard error.
 * @throws InputError, ScenarioError, PolicyError
 */
export async function readScenario(name: string, options: ReadOptions, env: Environment): Promise<ReadScenario> {
  const { text, file, defaultName, folder } = await readScenarioText(name, env);
  const isGiven = options.policy === undefined ? [] : ["routing.policy=custom"];
  const set = [...(options.set ?? []), ...isGiven];
  const read = readText(text, file);
  if ("issues" in read) throw notAScenario(text, file) ?? new ScenarioError(read.issues);
  const parsed = await withFiles(folder, (files) =>
    parseRead(read.root, { file, defaultName, set, readFile: siblingReader(folder), ...files }),
  ).catch((cause: unknown) => {
    throw (cause instanceof ScenarioError && notAScenario(text, file)) || cause;
  });
  if (options.quiet !== true) {
    for (const warning of parsed.warnings) env.stderr.write(`warning: ${formatIssue(warning)}\n`);
  }
  return withPolicy(parsed, options.policy, folder);
}

/** The error of a file of another program; undefined where it does not look like one. */
function notAScenario(text: string, file: string): InputError | undefined {
  const what = otherFormat(new TextEncoder().encode(text.slice(0, LOOKED_AT)), ["scenario"]);
  return what === undefined ? undefined : new InputError(`${file} is no scenario: it ${what}`);
}

/** Files that are asked for and have not been read. */
class Wanted extends Error {
  constructor(readonly read: () => Promise<void>) {
    super("wanted");
  }
}

/** What a scenario may take from files beside it. */
interface NamedFiles {
  readonly flowFiles: FlowFiles;
  readonly traceFiles: TraceFiles;
}

/** Parses, and reads the lists of flows and the traces that turn out to be named. */
async function withFiles(folder: string, parse: (files: NamedFiles) => ParsedScenario): Promise<ParsedScenario> {
  const flowFiles = wantedBy<string, FlowTable>(async (name) => {
    const { readFlowFile } = await import("../../study/flow-files/read-file.js");
    return readFlowFile(name, folder);
  });
  const traceFiles = wantedBy<TraceRequest, ReadTrace>(async (request) => {
    const { readTrace } = await import("../../study/imports/read.js");
    return readTrace(request, folder);
  });
  for (;;) {
    try {
      return parse({ flowFiles, traceFiles });
    } catch (cause) {
      if (!(cause instanceof Wanted)) throw cause;
      await cause.read();
    }
  }
}

/** Gives what was read; what was not is thrown as wanted. */
function wantedBy<K, V>(read: (key: K) => Promise<V>): (key: K) => V {
  const known = new Map<string, V>();
  return (key) => {
    const name = JSON.stringify(key);
    const value = known.get(name);
    if (value !== undefined) return value;
    throw new Wanted(async () => {
      known.set(name, await read(key));
    });
  };
}

async function withPolicy(parsed: ParsedScenario, given: string | undefined, folder: string): Promise<ReadScenario> {
  const { custom } = parsed.scenario.routing;
  if (custom === undefined) return parsed;
  if (given === undefined && custom.module === null) {
    throw new InputError(
      "custom routing needs its policy; add routing.module, a file beside the scenario, or --policy FILE",
    );
  }
  const policy = await (given === undefined
    ? readPolicyFile(join(folder, custom.module!), folder)
    : readPolicyFile(given));
  return { ...parsed, scenario: withPolicyDigest(parsed.scenario, policy.digest), policy };
}

/** @throws InputError where there is no such file, or it cannot be read. */
export async function readScenarioText(
  name: string,
  env: Environment,
  kind: ExampleKind = "scenario",
): Promise<ScenarioInput> {
  if (name === "-") {
    return {
      text: await readScenarioFile(env.stdin, "standard input"),
      file: "<stdin>",
      defaultName: "stdin",
      folder: ".",
    };
  }
  const found = await kindOf(name);
  if (found === "directory") throw new InputError(`${name} is a directory; write the path of a ${kind} file`);
  if (found === "file") {
    const text = await readScenarioFile(createReadStream(name), name);
    return { text, file: name, defaultName: nameOf(name), folder: dirname(name) };
  }
  const examples = await exampleNames(env.examplesUrl, kind);
  if (!examples.includes(name)) {
    const beside = await fileBeside(name);
    if (beside !== undefined)
      throw new InputError(`there is no file ${JSON.stringify(name)} (did you mean ${JSON.stringify(beside)}?)`);
    const bundled = examples.length === 0 ? "" : `; bundled examples: ${examples.join(", ")}`;
    const isScenario = kind === "sweep" && (await exampleNames(env.examplesUrl)).includes(name);
    const hint = isScenario ? `; ${name} is a scenario: write base: ${name} in a sweep file, or --tornado` : "";
    throw new InputError(`there is no file ${JSON.stringify(name)}${didYouMean(name, examples)}${bundled}${hint}`);
  }
  const path = fileURLToPath(exampleUrl(env.examplesUrl, name, kind));
  const text = await readScenarioFile(createReadStream(path), name);
  return { text, file: `${name}/${kind}.yaml`, defaultName: name, folder: dirname(path) };
}

/** A file of the same folder: with another ending, or with almost the name that was written. */
async function fileBeside(path: string): Promise<string | undefined> {
  const stem = (name: string) => basename(name, extname(name));
  const names = (await readdir(dirname(path)).catch(() => [])).filter((name) => SCENARIO_FILE.test(name));
  const same = names.find((name) => stem(name) === stem(path));
  const near = same ?? (SCENARIO_FILE.test(path) ? nearest(basename(path), names) : null);
  return near === null ? undefined : join(dirname(path), near);
}

async function kindOf(path: string): Promise<"file" | "directory" | "none"> {
  try {
    return (await stat(path)).isDirectory() ? "directory" : "file";
  } catch (cause) {
    const { code } = cause as { code?: unknown };
    if (code === "ENOENT" || code === "ENOTDIR" || code === "ENAMETOOLONG" || code === "ERR_INVALID_ARG_VALUE")
      return "none";
    throw new InputError(`cannot read ${path}: ${fileErrorReason(cause)}`);
  }
}

/** `runs/rail.yaml` is "rail", `rail/scenario.yaml` too. */
function nameOf(path: string): string {
  const base = basename(path, extname(path));
  const parent = basename(dirname(path));
  const name = ["scenario", "sweep"].includes(base) && /\w/.test(parent) ? parent : base;
  // Names have at most 200 printable characters.
  return name.replace(/[^\x20-\x7e]/g, "_").slice(0, 200) || "unnamed";
}

function readScenarioFile(stream: AsyncIterable<Uint8Array>, name: string): Promise<string> {
  return readAll(stream, name, LARGEST_TEXT, `too large; ${SHORTER}`);
}
