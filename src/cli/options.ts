/** Options that several commands share. */
import { type Command, InvalidArgumentError, Option } from "commander";

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

/** @throws InvalidArgumentError */
export function parseThreads(text: string): number {
  if (text === "1") return 1;
  if (/^[1-9]\d*$/.test(text))
    throw new InvalidArgumentError("This version simulates with 1 thread; write --threads 1.");
  throw new InvalidArgumentError("Write a number of threads, --threads 1.");
}
