import { mkdir, realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { counted, duration } from "../../../answer/text/units.js";
import { distinctPoints, pointsOfShard } from "../../../study/batch/shard.js";
import { workSeconds } from "../../../study/batch/work.js";
import { arrayScript, mergeScript, planArray, type ScriptOptions } from "../../../study/slurm/array.js";
import { maxArraySize, submit, taskStates } from "../../../study/slurm/client.js";
import { readSubmission, writeSubmission } from "../../../study/slurm/submission.js";
import { StoreFolder } from "../../../study/store/folder.js";
import { readManifest } from "../../../study/store/manifests.js";
import { readRows } from "../../../study/store/rows.js";
import { writeAndRename } from "../../../study/store/whole-file.js";
import type { Environment } from "../../support/environment.js";
import { InputError } from "../../support/failures.js";
import { addVerboseOption, parseDurationMs, parseWorkers } from "../../support/options.js";
import { addSweepOption, parseBytes } from "../../sweep/options.js";
import { checkBuild } from "../../sweep/session.js";
import { parseCount } from "../../sweep/which-shard.js";

interface SubmitOptions {
  readonly sweep?: string;
  readonly partition?: string;
  readonly account?: string;
  readonly sbatch: readonly string[];
  readonly workers: number;
  readonly shards?: number;
  readonly shardTime: number;
  readonly maxRunning?: number;
  readonly time?: number;
  readonly mem?: number;
  readonly dryRun?: boolean;
}

/** Slurm's own default, where there is no Slurm to ask. */
const USUAL_ARRAY_SIZE = 1001;

const AFTER_HELP = `
Each shard is a task of an array that runs heddle sweep run; a job that depends on it runs
heddle sweep merge when all have ended. The folder must be on a file system that all nodes share.
Submitted again, only shards with something left to do are.`;

export function register(sweep: Command, env: Environment): void {
  const command = sweep.command("submit").description("run a planned sweep on a cluster");
  const slurm = command
    .command("slurm")
    .description("write and submit a job array of shards, and a job that merges them")
    .argument("<dir>", "folder of the store")
    .option("--partition <name>", "as for sbatch")
    .option("--account <name>", "as for sbatch")
    .option("--sbatch <option>", "a further option of sbatch, e.g. --sbatch=--qos=low; may be repeated", collect, [])
    .option("--workers <n>", "cores of a shard, a point each", parseWorkers, 4)
    .addOption(
      new Option("--shard-time <time>", "time that a shard should take by the plan's estimates")
        .argParser(parseDurationMs)
        .default(600_000, "10min"),
    )
    .option("--shards <n>", "number of shards, in place of --shard-time", parseCount)
    .option("--max-running <n>", "shards that may run at a time", parseCount)
    .option(
      "--time <time>",
      "time limit of a shard, e.g. 2h, or in minutes (default: from the estimates)",
      parseMinutes,
    )
    .option("--mem <size>", "memory of a shard, e.g. 8GiB (default: from the estimates)", parseBytes)
    .option("--dry-run", "print the scripts and submit nothing")
    .addHelpText("after", AFTER_HELP);
  addVerboseOption(addSweepOption(slurm)).action((dir: string, options: SubmitOptions) =>
    submitSlurm(dir, options, env),
  );
}

async function submitSlurm(dir: string, options: SubmitOptions, env: Environment): Promise<void> {
  const folder = new StoreFolder(dir);
  const manifest = await readManifest(folder, options.sweep);
  await checkBuild(manifest, dir);
  const points = distinctPoints(manifest.points);
  const rows = await readRows(folder);
  const limit = options.dryRun === true ? await maxArraySize().catch(() => USUAL_ARRAY_SIZE) : await maxArraySize();
  if ((options.shards ?? 0) > limit) {
    throw new InputError(
      `--shards ${options.shards} are more than this cluster's arrays may have (MaxArraySize ${limit})`,
    );
  }
  const plan = planArray(points, {
    workers: options.workers,
    shardSeconds: options.shardTime / 1000,
    maxArraySize: limit,
    ...(options.shards !== undefined && { shards: options.shards }),
    ...(options.time !== undefined && { timeMinutes: options.time }),
    ...(options.mem !== undefined && { memoryMb: Math.floor(options.mem / 2 ** 20) }),
  });
  const isLeft = (index: number) =>
    pointsOfShard(points, { index, count: plan.shards }).some(({ id }) => !rows.has(id));
  const indices = Array.from({ length: plan.shards }, (_, index) => index).filter(isLeft);
  if (indices.length === 0) {
    env.stderr.write(`every point of ${manifest.name} is finished; heddle sweep merge ${dir} takes them in\n`);
    return;
  }
  const script: ScriptOptions = {
    name: manifest.name,
    folder: await realpath(dir).catch(() => resolve(dir)),
    program: env.program,
    extra: [
      ...(options.partition === undefined ? [] : [`--partition=${options.partition}`]),
      ...(options.account === undefined ? [] : [`--account=${options.account}`]),
      ...options.sbatch,
    ],
  };
  const texts = [arrayScript(plan, indices, options.maxRunning, script), mergeScript(script)] as const;
  if (options.dryRun === true) {
    env.stdout.write(texts.join("\n"), "data");
    return;
  }
  await refuseSecond(folder, manifest.name);
  const slurmFolder = join(folder.path, "slurm");
  await mkdir(slurmFolder, { recursive: true });
  const paths = [join(slurmFolder, `${manifest.name}.sh`), join(slurmFolder, `${manifest.name}-merge.sh`)] as const;
  await writeAndRename(paths[0], texts[0]);
  await writeAndRename(paths[1], texts[1]);
  const job = await submit(paths[0]);
  const mergeJob = await submit(paths[1], [`--dependency=afterany:${job}`]);
  await writeSubmission(folder, manifest.name, { job, mergeJob, shards: plan.shards, indices });
  const left = points.filter(({ id }) => !rows.has(id));
  const seconds = workSeconds(left) / plan.workers / indices.length;
  env.stdout.write(
    `job ${job}: ${counted(left.length, "point")} in ${counted(indices.length, "shard")} of ${counted(plan.workers, "core")}, about ${duration(seconds * 1e9)} each; merged by job ${mergeJob}\n`,
  );
}

/**
 * As for sbatch a plain number is of minutes; limits are whole ones.
 * @throws InvalidArgumentError
 */
function parseMinutes(text: string): number {
  return /^\d+$/.test(text) ? parseCount(text) : Math.ceil(parseDurationMs(text) / 60_000);
}

/** Two arrays over the same points would do the work twice. */
async function refuseSecond(folder: StoreFolder, name: string): Promise<void> {
  const before = await readSubmission(folder, name);
  if (before === undefined) return;
  const running = (await taskStates(before.job)).size;
  if (running === 0) return;
  throw new InputError(
    `job ${before.job} still has ${running} shards of ${name} to run; wait for it, or cancel it: scancel ${before.job} ${before.mergeJob}`,
  );
}

function collect(value: string, before: readonly string[]): string[] {
  if (value.startsWith("-") && !/[\r\n]/.test(value)) return [...before, value];
  throw new InvalidArgumentError("Write an option of sbatch, e.g. --sbatch=--qos=low.");
}
