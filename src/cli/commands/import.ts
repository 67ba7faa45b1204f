import { dirname, relative, resolve, sep } from "node:path";
import type { Command } from "commander";
import { parse, stringify } from "yaml";
import { parseScenario } from "../../scenario/parse/parse.js";
import { TRACE_FORMATS } from "../../scenario/schema/trace.js";
import { flattenIssues } from "../../scenario/schema/zod-issues.js";
import { ScenarioError } from "../../scenario/types/errors.js";
import { didYouMean } from "../../scenario/types/suggest.js";
import { type ImportRead, readImport } from "../../study/imports/read.js";
import { formatList } from "../../study/imports/registry.js";
import { importedScenario, type WrittenScenario } from "../../study/imports/scenario.js";
import type { Environment } from "../support/environment.js";
import { InputError } from "../support/failures.js";
import { addVerboseOption } from "../support/options.js";
import { checkWritable, writeWhole } from "../support/output.js";

interface ImportOptions {
  readonly out?: string;
  readonly name?: string;
  readonly option: readonly string[];
  readonly quiet?: boolean;
}

export function define(command: Command, env: Environment): void {
  const formats = formatList();
  const width = Math.max(...formats.map(({ name }) => name.length));
  const list = formats.map(({ name, sentence }) => `  ${name.padEnd(width)}  ${sentence}`).join("\n");
  command
    .argument("<format>", "what the files are; see below")
    .argument("<files...>", "the files")
    .option("-o, --out <file>", "write the scenario to a file (default: standard output)")
    .option("--name <text>", "name of the scenario (default: that of the first file)")
    .option("--option <key=value>", "an option of the format, e.g. size=1MiB; may be repeated", collect, [])
    .option("--quiet", "no warnings")
    .addHelpText("after", `\nFormats:\n${list}\n`);
  addVerboseOption(command).action((format: string, files: readonly string[], options: ImportOptions) =>
    importFiles(format, files, options, env),
  );
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

async function importFiles(format: string, files: readonly string[], options: ImportOptions, env: Environment) {
  const names = formatList().map(({ name }) => name);
  if (!names.includes(format)) {
    const guess = didYouMean(format, names);
    throw new InputError(`there is no format ${JSON.stringify(format)}${guess}; formats are ${names.join(", ")}`);
  }
  if (options.out !== undefined) await checkWritable(options.out);
  const folder = options.out === undefined ? "." : dirname(options.out);
  const paths = files.map((file) => fromFolder(file, folder));
  const written = optionsOf(options.option);
  const request = checked(format, paths, written);
  const read = await readImport(request, folder);
  const name = options.name ?? nameOf(paths[0]!);
  const scenario = importedScenario(read, { name, format, files: paths, options: written });
  check(scenario, read);
  if (options.quiet !== true) for (const note of read.notes) env.stderr.write(`warning: ${note}\n`);
  const text = stringify(scenario, { lineWidth: 100, flowCollectionPadding: true });
  if (options.out === undefined) env.stdout.write(text, "data");
  else await writeWhole(options.out, text);
}

/** A scenario names files in its folder or below. */
function fromFolder(file: string, folder: string): string {
  const path = relative(resolve(folder), resolve(file));
  if (path !== ".." && !path.startsWith(`..${sep}`)) return path.split(sep).join("/");
  const where = folder === "." ? "this folder" : folder;
  throw new InputError(
    `${file} is not in ${where} or below, where the scenario is; copy it there, or write another -o`,
  );
}

function optionsOf(list: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    list.map((text) => {
      const at = text.indexOf("=");
      if (at < 1) throw new InputError(`--option ${text}: write a key and a value, e.g. --option size=1MiB`);
      return [text.slice(0, at), parse(text.slice(at + 1), { maxAliasCount: 0 }) as unknown];
    }),
  );
}

/** The request with its options as the schema of the format gives them. */
function checked(format: string, files: readonly string[], options: Readonly<Record<string, unknown>>) {
  const request = { kind: "trace", ...options, format, files };
  if (!Object.hasOwn(TRACE_FORMATS, format)) {
    const [first] = Object.keys(options);
    if (first !== undefined) throw new InputError(`the format ${format} has no options; leave out --option ${first}`);
    return request;
  }
  const result = TRACE_FORMATS[format as keyof typeof TRACE_FORMATS].safeParse(request);
  if (result.success) return result.data;
  const issues = flattenIssues(result.error.issues, []);
  throw new InputError(issues.map(({ path, message }) => `--option ${path.join(".")}: ${message}`).join("\n"));
}

/** What is written can be run. @throws ScenarioError */
function check(scenario: WrittenScenario, read: ImportRead): void {
  if (scenario.workload === undefined && scenario.jobs === undefined) return;
  const { workload, ranks, digest } = read;
  const trace = workload && { workload, ranks, digest, notes: [] };
  try {
    parseScenario(scenario, { traceFiles: () => trace });
  } catch (cause) {
    if (!(cause instanceof ScenarioError)) throw cause;
    throw new InputError(`the scenario that follows from the files is not right:\n${cause.message}`);
  }
}

/** `traces/ring.goal` is "ring". */
function nameOf(path: string): string {
  const base = path.split("/").at(-1)!;
  const [name] = base.split(".");
  return (name ?? "").replace(/[^\x20-\x7e]/g, "_").slice(0, 200) || "imported";
}
