/** Which shard this process is to run: said, or told by Slurm or Kubernetes. */
import { type Command, InvalidArgumentError } from "commander";
import type { Shard } from "../../study/batch/shard.js";
import { InputError } from "../support/failures.js";

export interface ShardOptions {
  readonly shard?: Shard;
  /** How many there are, where only the index comes from the environment. */
  readonly shards?: number;
}

export function addShardOptions(command: Command): Command {
  return command
    .option("--shard <i/n>", "run shard i of n, counted from 0", parseShard)
    .option("--shards <n>", "number of shards, where the index comes from Slurm or Kubernetes", parseCount);
}

/**
 * `--shard`, else `SLURM_ARRAY_TASK_ID`, else `JOB_COMPLETION_INDEX`. Slurm's count is the array's,
 * unless `--shards` says that the array is a part: then its task ids are the shards' numbers.
 * @throws InputError
 */
export function whichShard(
  { shard, shards }: ShardOptions,
  variables: Readonly<Record<string, string | undefined>>,
): Shard {
  if (shard !== undefined) {
    if (shards === undefined || shards === shard.count) return shard;
    throw new InputError(`--shard says ${shard.count} shards, --shards ${shards}`);
  }
  const number = (name: string): number | undefined => {
    const text = variables[name];
    if (text === undefined || text === "") return undefined;
    if (/^\d{1,7}$/.test(text)) return Number(text);
    throw new InputError(`${name} is ${JSON.stringify(text)}, which is no index`);
  };
  const task = number("SLURM_ARRAY_TASK_ID");
  if (task !== undefined) {
    if (shards !== undefined) return checked({ index: task, count: shards }, "SLURM_ARRAY_TASK_ID");
    const count = number("SLURM_ARRAY_TASK_COUNT");
    const [first = 0, step = 1] = [number("SLURM_ARRAY_TASK_MIN"), number("SLURM_ARRAY_TASK_STEP")];
    if (count === undefined) throw new InputError("SLURM_ARRAY_TASK_COUNT is not set; write --shards N");
    return checked({ index: (task - first) / step, count }, "SLURM_ARRAY_TASK_ID");
  }
  const completion = number("JOB_COMPLETION_INDEX");
  if (completion === undefined) {
    throw new InputError(
      "which shard? write --shard 0/4, or run it in an array of Slurm or an Indexed Job of Kubernetes",
    );
  }
  if (shards === undefined) throw new InputError("how many shards? write --shards N, the completions of the job");
  return checked({ index: completion, count: shards }, "JOB_COMPLETION_INDEX");
}

/**
 * The task of a Slurm array that this process is, as Slurm's commands name it; undefined elsewhere.
 */
export function arrayTask(variables: Readonly<Record<string, string | undefined>>): string | undefined {
  const { SLURM_ARRAY_JOB_ID: job = "", SLURM_ARRAY_TASK_ID: index = "" } = variables;
  return /^\d+$/.test(job) && /^\d+$/.test(index) ? `${job}_${index}` : undefined;
}

function checked(shard: Shard, from: string): Shard {
  const { index, count } = shard;
  if (Number.isInteger(index) && index >= 0 && index < count) return shard;
  throw new InputError(`${from} gives shard ${index} of ${count}; shards are counted from 0`);
}

const MAX_SHARDS = 1_000_000;

function parseShard(text: string): Shard {
  const [, index, count] = /^(\d{1,7})\/(\d{1,7})$/.exec(text) ?? [];
  if (index === undefined || count === undefined) throw new InvalidArgumentError("Write e.g. --shard 0/4.");
  const shard = { index: Number(index), count: Number(count) };
  if (shard.index < shard.count) return shard;
  throw new InvalidArgumentError(
    `Shards are counted from 0: the last of ${shard.count} is ${shard.count - 1}/${shard.count}.`,
  );
}

export function parseCount(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text) && Number(text) <= MAX_SHARDS) return Number(text);
  throw new InvalidArgumentError(`Write a number from 1 to ${MAX_SHARDS}.`);
}
