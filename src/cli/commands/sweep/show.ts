import { type Command, InvalidArgumentError } from "commander";
import { didYouMean } from "../../../scenario/types/suggest.js";
import { StoreFolder } from "../../../study/store/folder.js";
import { readManifest } from "../../../study/store/manifests.js";
import { readRows } from "../../../study/store/rows.js";
import { joinRows, summarise } from "../../../study/sweep/summary.js";
import { formatGroups } from "../../../study/sweep/table.js";
import type { Environment } from "../../support/environment.js";
import { InputError } from "../../support/failures.js";
import { addVerboseOption } from "../../support/options.js";
import { addSweepOption } from "../../sweep/options.js";
import { axisNames, DEFAULT_METRIC } from "../../sweep/report.js";
import { isTornado, writeTornado } from "../../sweep/tornado.js";

interface ShowOptions {
  readonly by?: readonly string[];
  readonly metric: readonly string[];
  readonly sweep?: string;
  readonly json?: boolean;
}

export function register(sweep: Command, env: Environment): void {
  const command = sweep
    .command("show")
    .description("print a table of a store: mean, p50 and p99 of metrics, by axes")
    .argument("<dir>", "folder of the store")
    .option("--by <axes>", "axes to group by, with commas; seed is one (default: all axes of the sweep)", parseNames)
    .option("--metric <names>", "metrics to show, with commas", parseNames, [DEFAULT_METRIC])
    .option("--json", "print the groups as one JSON document");
  addVerboseOption(addSweepOption(command)).action((dir: string, options: ShowOptions) => show(dir, options, env));
}

async function show(dir: string, options: ShowOptions, env: Environment): Promise<void> {
  const folder = new StoreFolder(dir);
  const manifest = await readManifest(folder, options.sweep);
  const rows = await readRows(folder);
  const joined = joinRows(manifest, rows);
  const axes = axisNames(manifest);
  const by = options.by ?? axes;
  checkNames("axis", by, [...axes, "seed"]);
  const known = new Set(joined.flatMap(({ row }) => Object.keys(row?.metrics ?? {})));
  if (known.size > 0) checkNames("metric", options.metric, [...known]);
  if (isTornado(manifest) && options.by === undefined) {
    const [metric, second] = options.metric;
    if (second !== undefined) throw new InputError("a tornado is of one metric; name one, or what to group --by");
    return writeTornado(manifest, rows, metric!, options, env);
  }
  const groups = summarise(joined, by, options.metric);
  if (options.json === true) {
    const named = groups.map(({ values, ...group }) => ({
      axes: Object.fromEntries(by.map((name, i) => [name, values[i]])),
      ...group,
    }));
    env.stdout.write(`${JSON.stringify(named, null, 2)}\n`, "json");
    return;
  }
  env.stdout.write(formatGroups(groups, by, options.metric));
}

function checkNames(kind: string, names: readonly string[], known: readonly string[]): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new InputError(`there is no ${kind} ${unknown}${didYouMean(unknown, known)}; there are ${known.join(", ")}`);
}

function parseNames(text: string): string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.every((name) => name !== "")) return names;
  throw new InvalidArgumentError("Write names with commas between them.");
}
