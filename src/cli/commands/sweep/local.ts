/** A sweep on this machine, straight into its store. */
import { counted } from "../../../answer/text/units.js";
import { distinctPoints } from "../../../study/batch/shard.js";
import type { PolicyFile } from "../../../study/policies/read-file.js";
import { readFailures } from "../../../study/store/failures.js";
import { StoreFolder } from "../../../study/store/folder.js";
import { lockStore } from "../../../study/store/lock.js";
import { readManifest, writeManifest } from "../../../study/store/manifests.js";
import { RowAppender } from "../../../study/store/rows.js";
import type { Manifest } from "../../../study/sweep/manifest.js";
import type { Environment } from "../../support/environment.js";
import { ExitCode } from "../../support/exit-codes.js";
import { InputError } from "../../support/failures.js";
import type { SweepInput } from "../../sweep/input.js";
import type { PoolSettings } from "../../sweep/options.js";
import type { ParetoOutput } from "../../sweep/pareto.js";
import { folderOf, inStore, planBefore, withPlan } from "../../sweep/planning.js";
import { countFinished, reportSweep } from "../../sweep/report.js";
import { checkBuild, SweepSession } from "../../sweep/session.js";
import { isTornado, type TornadoOptions, type TornadoOutput } from "../../sweep/tornado.js";

export interface LocalOptions extends PoolSettings, TornadoOptions, TornadoOutput, ParetoOutput {
  readonly out?: string;
  readonly resume?: boolean;
  readonly sweep?: string;
  readonly set: readonly string[];
}

/** Plans the sweep, anew or again, and simulates what is not in the store. */
export async function runSweep(input: SweepInput, options: LocalOptions, env: Environment): Promise<void> {
  const { sweep } = input;
  if (options.tornado !== true) refuseTornadoOutput(options);
  if (options.sweep !== undefined && options.sweep !== sweep.name) {
    throw new InputError(`--sweep names a sweep of a store, for --resume DIR; that of ${input.file} is ${sweep.name}`);
  }
  const folder = folderOf(input, options);
  const before = await planBefore(folder, sweep.name, env);
  if (options.resume === true && before === undefined) {
    throw new InputError(`${folder.path} holds no sweep ${sweep.name} to resume; leave out --resume to begin it`);
  }
  await inStore(folder, () =>
    withPlan({ input, folder, before }, options, env, (plan, session) => fill(folder, plan, session, options, env)),
  );
}

/** Simulates what is missing of a sweep that is in a store, as it was planned. */
export async function resumeSweep(path: string, options: LocalOptions, env: Environment): Promise<void> {
  const folder = new StoreFolder(path);
  const manifest = await readManifest(folder, options.sweep);
  if (!isTornado(manifest)) refuseTornadoOutput(options);
  await checkBuild(manifest, path);
  await inStore(folder, () =>
    SweepSession.with(options, env, (session) => fill(folder, { manifest }, session, options, env)),
  );
}

/** @throws InputError */
function refuseTornadoOutput({ json, chart }: TornadoOutput): void {
  if (json === true)
    throw new InputError("--json goes with --tornado; heddle sweep show --json prints groups of points");
  if (chart !== undefined) throw new InputError("--chart goes with --tornado; heddle chart draws a sweep over an axis");
}

/** Policies come with a plan that is new. */
async function fill(
  folder: StoreFolder,
  { manifest, policies }: { readonly manifest: Manifest; readonly policies?: readonly PolicyFile[] },
  session: SweepSession,
  options: LocalOptions,
  env: Environment,
): Promise<void> {
  const unlock = await lockStore(folder);
  try {
    if (policies !== undefined) await writeManifest(folder, manifest, policies);
    const appender = await RowAppender.open(folder);
    const { rows } = appender;
    try {
      // What shards have left belongs to the store too.
      await appender.takeFinished();
      if (appender.wasTorn) env.stderr.write("the last row was cut off; its point is simulated again\n");
      const finished = countFinished(manifest, rows);
      if (finished > 0 && options.quiet !== true)
        env.stderr.write(`${counted(finished, "point is", "points are")} in the store already\n`);
      const points = distinctPoints(manifest.points).filter(({ id }) => !rows.has(id));
      await session.run(folder, manifest, points, (row) => appender.append(row));
      await appender.merge();
    } finally {
      await appender.close();
    }
    if (session.signal.aborted) {
      const left = distinctPoints(manifest.points).length - countFinished(manifest, rows);
      env.stderr.write(
        `heddle: interrupted; ${counted(left, "point is", "points are")} left: heddle sweep --resume ${folder.path}\n`,
      );
      env.setExitCode(ExitCode.Interrupted);
      return;
    }
    await reportSweep(manifest, rows, await readFailures(folder), folder.path, env, options);
  } finally {
    await unlock();
  }
}
