import { type Command, InvalidArgumentError, Option } from "commander";
import { styleFor } from "../../answer/text/style.js";
import { whatIfChart } from "../../study/charts/what-if.js";
import type { WhatIfDocument } from "../../study/what-if/document.js";
import { formatWhatIf } from "../../study/what-if/text.js";
import { checkOutputs, type DocumentOutputs, writeOutputs } from "../support/document-output.js";
import type { Environment } from "../support/environment.js";
import { readScenario } from "../support/input.js";
import { addVerboseOption, FILE_ARGUMENT, parseDurationMs, parseWorkers, wholeTo } from "../support/options.js";
import { tellEnd, withPool } from "../support/pooled-runs.js";
import { printDocument } from "../support/print-document.js";

interface Options extends DocumentOutputs {
  readonly json?: boolean;
  readonly set: readonly string[];
  readonly sweepPath?: boolean;
  readonly shares: readonly number[];
  readonly parts: number;
  readonly seeds: number;
  readonly jobs?: number;
  readonly timeout?: number;
  readonly quiet?: boolean;
}

const SHARES = [0.05, 0.1, 0.25, 0.5, 1];
const PARTS = 5;
const MAX_SEEDS = 1000;
const MAX_PARTS = 100;

export function define(command: Command, env: Environment): void {
  command
    .argument(...FILE_ARGUMENT)
    .addOption(
      new Option(
        "--set <path=value>",
        "a change, e.g. routing.policy=adaptive; of several, each by itself, and all at once",
      )
        .argParser((value: string, before: readonly string[]) => [...before, value])
        .default([] as readonly string[], "none"),
    )
    .option("--sweep-path", "make each part of the system faster: rates, latencies, lengths")
    .addOption(
      new Option("--shares <list>", "by which parts are made faster, e.g. 100% for twice the rate")
        .argParser(parseShares)
        .default(SHARES, "5%,10%,25%,50%,100%"),
    )
    .option("--parts <n>", "parts to move by all shares; the others by the largest", wholeTo(MAX_PARTS), PARTS)
    .option("--seeds <n>", "runs of each, over seeds: the scenario's, and those after it", wholeTo(MAX_SEEDS), 1)
    .option("--jobs <n>", "runs at a time (default: as many as there are cores)", parseWorkers)
    .option("--timeout <time>", "wall-clock time after which a run fails, e.g. 5min (default: none)", parseDurationMs)
    .option("--json", "print one JSON document, and nothing else")
    .option("--out <file>", "write the document to a file, too")
    .option("--chart <file>", "draw what changes and faster parts buy, .svg or .png")
    .option("--quiet", "no progress and no warnings");
  addVerboseOption(command).action((file: string, options: Options) => whatIf(file, options, env));
}

async function whatIf(file: string, options: Options, env: Environment): Promise<void> {
  await checkOutputs(options);
  const { scenario } = await readScenario(file, { quiet: options.quiet === true }, env);
  const { set: changes, seeds, shares, parts } = options;
  const document = await withPool(options, env, async (pool, hooks) => {
    const { runWhatIf } = await import("../../study/what-if/what-if.js");
    return runWhatIf(pool, scenario, {
      changes,
      seeds,
      path: options.sweepPath === true ? { shares, parts } : undefined,
      timeoutMs: options.timeout,
      memoryLimitBytes: env.memoryLimitBytes,
      ...hooks,
    });
  });
  if (document !== undefined) await write(document, options, env);
}

async function write(document: WhatIfDocument, options: Options, env: Environment) {
  printDocument(document, () => formatWhatIf(document, styleFor(env.stdout.hasColor)), options, env);
  const sides = [document.base, ...document.changes];
  const failed = sides.reduce((sum, { unfinished }) => sum + unfinished, 0);
  const firstFailure = sides.find(({ failure }) => failure !== null)?.failure ?? undefined;
  tellEnd({ isCut: document.status === "cancelled", what: "comparison", failed, firstFailure }, env);
  await writeOutputs(document, options, () => whatIfChart(document));
}

const MIN_SHARE = 0.001;
const MAX_SHARE = 100;

function parseShares(text: string): readonly number[] {
  const shares = text.split(",").map((part) => {
    const [, number, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(part.trim()) ?? [];
    const share = Number(number) / (percent === "%" ? 100 : 1);
    // A bare 10 could be meant as ten per cent.
    if (share >= MIN_SHARE && share <= (percent === "%" ? MAX_SHARE : 1)) return share;
    throw new InvalidArgumentError(
      "Write shares of at least 0.1%, with commas between them, e.g. 10%,50%,100%; without % they are at most 1.",
    );
  });
  return [...new Set(shares)];
}
