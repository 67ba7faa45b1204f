import type { Command } from "commander";
import { bytes, count, counted, duration } from "../../../answer/text/units.js";
import { distinctPoints } from "../../../study/batch/shard.js";
import { workSeconds } from "../../../study/batch/work.js";
import { writeManifest } from "../../../study/store/manifests.js";
import { readRows } from "../../../study/store/rows.js";
import type { Manifest } from "../../../study/sweep/manifest.js";
import type { Environment } from "../../support/environment.js";
import { addSetOption, addVerboseOption, parseWorkers } from "../../support/options.js";
import { readSweepInput, type SweepInput } from "../../sweep/input.js";
import { SWEEP_ARGUMENT_TEXT } from "../../sweep/options.js";
import { folderOf, inStore, planBefore, withPlan } from "../../sweep/planning.js";
import { countFinished } from "../../sweep/report.js";
import { addTornadoOptions, checkTornadoOptions, readTornadoInput, type TornadoOptions } from "../../sweep/tornado.js";

interface PlanOptions extends TornadoOptions {
  readonly out?: string;
  readonly workers?: number;
  readonly set: readonly string[];
  readonly quiet?: boolean;
}

export function register(sweep: Command, env: Environment): void {
  const command = sweep
    .command("plan")
    .description("freeze the points of a sweep, for shards to run: on other machines, or later")
    .argument("<file>", `${SWEEP_ARGUMENT_TEXT}; with --tornado a scenario`)
    .option("--out <dir>", "folder of the store (default: the sweep's name with .sweep)")
    .option("--workers <n>", "scenarios to estimate at a time (default: as many as there are cores)", parseWorkers)
    .option("--quiet", "no progress and no warnings");
  addVerboseOption(addSetOption(addTornadoOptions(command))).action(async (file: string, options: PlanOptions) => {
    checkTornadoOptions(options);
    const input = options.tornado
      ? await readTornadoInput(file, options.set, options, env)
      : await readSweepInput(file, options.set, env);
    return plan(input, options, env);
  });
}

async function plan(input: SweepInput, options: PlanOptions, env: Environment): Promise<void> {
  const folder = folderOf(input, options);
  const before = await planBefore(folder, input.sweep.name, env);
  await inStore(folder, () =>
    withPlan({ input, folder, before }, options, env, async ({ manifest, policies }) => {
      await writeManifest(folder, manifest, policies);
      env.stdout.write(describePlan(manifest, countFinished(manifest, await readRows(folder)), folder.path));
    }),
  );
}

function describePlan(manifest: Manifest, finished: number, path: string): string {
  const points = distinctPoints(manifest.points);
  const hops = points.reduce((sum, { estimate }) => sum + estimate.packetHops, 0);
  const most = points.reduce((bytesMost, { estimate }) => Math.max(bytesMost, estimate.memoryBytes), 0);
  const lines = [
    `${manifest.name}: ${counted(points.length, "point")}${finished > 0 ? `, ${finished} of them in the store already` : ""}`,
    `  work    ${count(hops)} packet-hops, about ${duration(workSeconds(points) * 1e9)} on one core`,
    `  memory  up to ${bytes(most)} for a point`,
    `Run it in shards: heddle sweep run ${path} --shard 0/4, …; then heddle sweep merge ${path}`,
    `Or on a cluster:  heddle sweep submit slurm ${path}`,
  ];
  return lines.map((line) => `${line}\n`).join("");
}
