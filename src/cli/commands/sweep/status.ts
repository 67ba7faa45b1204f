import type { Command } from "commander";
import { counted, percent } from "../../../answer/text/units.js";
import { distinctPoints, pointsOfShard } from "../../../study/batch/shard.js";
import { SlurmError, taskStates } from "../../../study/slurm/client.js";
import { readSubmission, type Submission } from "../../../study/slurm/submission.js";
import { readFailures } from "../../../study/store/failures.js";
import { StoreFolder } from "../../../study/store/folder.js";
import { readManifest } from "../../../study/store/manifests.js";
import { readRows } from "../../../study/store/rows.js";
import { formatColumns } from "../../../study/sweep/table.js";
import type { Environment } from "../../support/environment.js";
import { addVerboseOption } from "../../support/options.js";
import { addSweepOption } from "../../sweep/options.js";
import { parseCount } from "../../sweep/which-shard.js";

interface StatusOptions {
  readonly sweep?: string;
  readonly shards?: number;
  readonly json?: boolean;
}

interface ShardStatus {
  readonly shard: number;
  readonly points: number;
  readonly done: number;
  readonly failed: number;
  /** Of its task; null where Slurm does not know it any more, or it was not submitted. */
  readonly state: string | null;
}

export function register(sweep: Command, env: Environment): void {
  const command = sweep
    .command("status")
    .description("tell how far a sweep is, in all and by shard")
    .argument("<dir>", "folder of the store")
    .option("--shards <n>", "number of shards (default: those that were submitted)", parseCount)
    .option("--json", "print one JSON document");
  addVerboseOption(addSweepOption(command)).action((dir: string, options: StatusOptions) => status(dir, options, env));
}

async function status(dir: string, options: StatusOptions, env: Environment): Promise<void> {
  const folder = new StoreFolder(dir);
  const manifest = await readManifest(folder, options.sweep);
  const points = distinctPoints(manifest.points);
  const [rows, failures] = [await readRows(folder), await readFailures(folder)];
  const submission = await readSubmission(folder, manifest.name);
  const states = submission === undefined ? new Map<number, string>() : await statesOf(submission, env);
  const count = options.shards ?? submission?.shards ?? 1;
  const tally = (some: typeof points) => ({
    points: some.length,
    done: some.filter(({ id }) => rows.has(id)).length,
    failed: some.filter(({ id }) => !rows.has(id) && failures.has(id)).length,
  });
  const shards = Array.from({ length: count }, (_, shard): ShardStatus => {
    const mine = pointsOfShard(points, { index: shard, count });
    return { shard, ...tally(mine), state: count === submission?.shards ? (states.get(shard) ?? null) : null };
  });
  const all = tally(points);
  if (options.json === true) {
    env.stdout.write(
      `${JSON.stringify({ sweep: manifest.name, ...all, job: submission?.job ?? null, shards }, null, 2)}\n`,
      "json",
    );
    return;
  }
  const failed = all.failed > 0 ? `, ${all.failed} failed` : "";
  const share = percent(all.points === 0 ? 1 : all.done / all.points);
  env.stdout.write(`${manifest.name}: ${all.done} of ${counted(all.points, "point")} done (${share})${failed}\n`);
  if (submission !== undefined) env.stdout.write(`Slurm job ${submission.job}, merged by ${submission.mergeJob}\n`);
  if (count === 1) return;
  const lines = shards.map(({ shard, points: total, done, failed: lost, state }) => {
    return [`${shard}/${count}`, `${done}/${total}`, `${lost}`, state ?? (done === total ? "done" : "-")];
  });
  env.stdout.write(formatColumns([["shard", "done", "failed", ""], ...lines], 1));
}

async function statesOf({ job }: Submission, env: Environment): Promise<Map<number, string>> {
  try {
    return await taskStates(job);
  } catch (error) {
    if (!(error instanceof SlurmError)) throw error;
    env.stderr.write(`${error.message}\n`);
    return new Map();
  }
}
