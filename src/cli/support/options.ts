/** Options that several commands share. */

import { type Command, InvalidArgumentError, Option } from "commander";
import { MAX_THREADS } from "../../plan/limits.js";
import { parseQuantity } from "../../scenario/types/units.js";

export const FILE_ARGUMENT = [
  "<file>",
  "scenario: a path, - for standard input, or the name of a bundled example",
] as const;

export function addSetOption(command: Command): Command {
  return command.addOption(
    new Option("--set <path=value>", "change a value of the scenario, e.g. links.fabric.rate=800Gbps; may be repeated")
      .argParser((value: string, before: readonly string[]) => [...before, value])
      .default([] as readonly string[], "none"),
  );
}

export function addVerboseOption(command: Command): Command {
  return command.option("--verbose", "print the stack trace of an error");
}

export function addPolicyOption(command: Command): Command {
  return command.option(
    "--policy <file>",
    "route by a policy of your own: .ts or .js, which is run, or .wasm of build-policy (routing.policy=custom)",
  );
}

/** Time between snapshots where nothing is said. */
export const DEFAULT_SNAPSHOT_MS = 60_000;

/** @throws InvalidArgumentError */
export function parseThreads(text: string): number {
  return fewOf(text) ?? refuse(`Write a number of threads from 1 to ${MAX_THREADS}, e.g. --threads 2.`);
}

/** Of things that are done at a time, a thread each. @throws InvalidArgumentError */
export function parseWorkers(text: string): number {
  return fewOf(text) ?? refuse(`Write a number from 1 to ${MAX_THREADS}.`);
}

/** A parser of whole numbers from 1 on. Throws InvalidArgumentError. */
export function wholeTo(most: number): (text: string) => number {
  return (text) => upTo(most, text) ?? refuse(`Write a whole number from 1 to ${most}.`);
}

function fewOf(text: string): number | undefined {
  return upTo(MAX_THREADS, text);
}

function upTo(most: number, text: string): number | undefined {
  return /^[1-9]\d*$/.test(text) && Number(text) <= most ? Number(text) : undefined;
}

function refuse(message: string): never {
  throw new InvalidArgumentError(message);
}

const MINUTE_MS = 60_000;
/** Timers have 32 bits. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * A wall-clock time: as a scenario's, and in minutes and hours, `10min`, `1.5h`.
 * @throws InvalidArgumentError
 */
export function parseDurationMs(text: string): number {
  const ms = durationMs(text.trim());
  // Below a millisecond nothing but snapshots would be made.
  if (ms < 1) throw new InvalidArgumentError("Write at least 1ms, e.g. 60s or 10min.");
  if (ms > LONGEST_MS) throw new InvalidArgumentError("Write at most 596h.");
  return ms;
}

function durationMs(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(min|h)$/.exec(text) ?? [];
  if (number !== undefined) return Number(number) * (unit === "h" ? 60 : 1) * MINUTE_MS;
  const parsed = parseQuantity("time", text);
  if (parsed.ok) return parsed.value / 1e9;
  throw new InvalidArgumentError(`${JSON.stringify(text)} is no time; write e.g. 500ms, 90s, 10min or 2h.`);
}
