/** Options that the sweep commands share. */
import { type Command, InvalidArgumentError } from "commander";
import { parseQuantity } from "../../scenario/types/units.js";
import { parseDurationMs, parseWorkers } from "../support/options.js";

export interface PoolSettings {
  readonly workers?: number;
  /** Bytes. */
  readonly memory?: number;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly retries?: number;
  readonly keepResults?: boolean;
  readonly quiet?: boolean;
  readonly progress?: boolean;
}

export const SWEEP_ARGUMENT_TEXT = "sweep file: a path, - for standard input, or the name of a bundled example";

export function addPoolOptions(command: Command): Command {
  return command
    .option("--workers <n>", "points to simulate at a time (default: as many as there are cores)", parseWorkers)
    .option(
      "--memory <size>",
      "memory that all of them may take together, e.g. 8GiB (default: what is free)",
      parseBytes,
    )
    .option("--timeout <time>", "give a point up after so long, e.g. 30min (default: never)", parseDurationMs)
    .option("--retries <n>", "try a point again whose worker ended, so often (default: 2)", parseRetries)
    .option("--keep-results", "keep the whole result of each point, too, as results/<id>.json")
    .option("--quiet", "no progress and no warnings")
    .option("--progress", "progress as a plain line every second, even on a terminal");
}

export function addSweepOption(command: Command): Command {
  return command.option("--sweep <name>", "which sweep, where the folder holds several");
}

/** @throws InvalidArgumentError */
export function parseBytes(text: string): number {
  const parsed = parseQuantity("size", text);
  if (!parsed.ok) throw new InvalidArgumentError(`${parsed.message}.`);
  if (parsed.value < 2 ** 20) throw new InvalidArgumentError("Write at least 1MiB.");
  return parsed.value;
}

function parseRetries(text: string): number {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Write a number from 0 to 99.");
}
