import type { Command } from "commander";
import { counted } from "../../../answer/text/units.js";
import { distinctPoints, pointsOfShard } from "../../../study/batch/shard.js";
import { requeueTask } from "../../../study/slurm/client.js";
import { StoreFolder } from "../../../study/store/folder.js";
import { readManifest } from "../../../study/store/manifests.js";
import { readRows, writeFinished } from "../../../study/store/rows.js";
import type { Environment } from "../../support/environment.js";
import { ExitCode } from "../../support/exit-codes.js";
import { InputError } from "../../support/failures.js";
import { addVerboseOption } from "../../support/options.js";
import { addPoolOptions, addSweepOption, type PoolSettings } from "../../sweep/options.js";
import { inStore } from "../../sweep/planning.js";
import { checkBuild, SweepSession } from "../../sweep/session.js";
import { addShardOptions, arrayTask, type ShardOptions, whichShard } from "../../sweep/which-shard.js";

interface RunOptions extends PoolSettings, ShardOptions {
  readonly requeue?: boolean;
  readonly sweep?: string;
}

const AFTER_HELP = `
Without --shard the index is that of the task in a Slurm array (SLURM_ARRAY_TASK_ID) or of a
Kubernetes Indexed Job (JOB_COMPLETION_INDEX, with --shards).
Exit codes: 0 every point of the shard is in the store; 3 some are not, standard error says why;
130 interrupted (SIGTERM, SIGINT): points under way are abandoned, what is finished is kept.`;

export function register(sweep: Command, env: Environment): void {
  const command = sweep
    .command("run")
    .description("simulate a shard of a sweep that was planned; finished points are skipped")
    .argument("<dir>", "folder of the store")
    .option("--requeue", "in a Slurm array: put the task back into the queue where its time ends before its points do")
    .addHelpText("after", AFTER_HELP);
  addVerboseOption(addSweepOption(addPoolOptions(addShardOptions(command)))).action(
    (dir: string, options: RunOptions) => run(dir, options, env),
  );
}

async function run(dir: string, options: RunOptions, env: Environment): Promise<void> {
  const shard = whichShard(options, env.variables);
  const folder = new StoreFolder(dir);
  const manifest = await readManifest(folder, options.sweep);
  await checkBuild(manifest, dir);
  const mine = pointsOfShard(manifest.points, shard);
  const rows = await readRows(folder);
  const missing = mine.filter(({ id }) => !rows.has(id));
  const place = `shard ${shard.index}/${shard.count}`;
  if (options.quiet !== true) {
    const total = distinctPoints(manifest.points).length;
    env.stderr.write(
      `${place}: ${mine.length} of ${counted(total, "point")}, ${mine.length - missing.length} finished already\n`,
    );
  }
  const task = options.requeue === true ? arrayTask(env.variables) : undefined;
  if (options.requeue === true && task === undefined) {
    throw new InputError("--requeue goes with a task of a Slurm array (SLURM_ARRAY_JOB_ID, SLURM_ARRAY_TASK_ID)");
  }
  const work = async (session: SweepSession) => {
    let finished = 0;
    const failures = await session.run(folder, manifest, missing, async (row) => {
      await writeFinished(folder, row);
      finished += 1;
    });
    const left = missing.length - finished;
    if (session.signal.aborted) {
      env.stderr.write(`heddle: ${place} interrupted, ${counted(left, "point is", "points are")} left\n`);
      env.setExitCode(ExitCode.Interrupted);
      if (task !== undefined && left > 0) await takeAnotherTurn(task, finished, env);
      return;
    }
    for (const { id, message } of failures) env.stderr.write(`heddle: ${id}: ${message}\n`);
    if (left > 0) env.setExitCode(ExitCode.Unfinished);
  };
  await inStore(folder, () => SweepSession.with(options, env, work));
}

/** As long as turns get on: a point that takes longer than a turn would be begun for ever. */
async function takeAnotherTurn(task: string, finished: number, env: Environment): Promise<void> {
  if (finished === 0) {
    env.stderr.write("heddle: not requeued: no point ended in this turn; submit again with more --time\n");
    return;
  }
  // Slurm ends this process meanwhile.
  env.stderr.write(`heddle: ${counted(finished, "point")} ended in this turn; task ${task} goes back into the queue\n`);
  await requeueTask(task);
}
