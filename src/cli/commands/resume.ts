import type { Command } from "commander";
import { readSnapshot } from "../../snapshot/index.js";
import type { Environment } from "../environment.js";
import { addVerboseOption, DEFAULT_SNAPSHOT_MS } from "../options.js";
import { addRunningOptions, type RunningOptions, runAndPrint } from "../running.js";

export function register(program: Command, env: Environment): void {
  const command = program
    .command("resume")
    .description("go on with a run from its snapshot")
    .argument("<snapshot>", "file that heddle run --snapshot wrote; kept up to date, and removed at the end");
  addVerboseOption(addRunningOptions(command)).action((path: string, options: RunningOptions) =>
    resume(path, options, env),
  );
}

async function resume(path: string, options: RunningOptions, env: Environment): Promise<void> {
  const snapshot = await readSnapshot(path);
  const kept = snapshot.description.snapshotEveryMs;
  const everyMs = options.snapshotEvery ?? (typeof kept === "number" && kept > 0 ? kept : DEFAULT_SNAPSHOT_MS);
  await runAndPrint((library, how) => library.resume(snapshot, how), options, { path, everyMs }, env);
}
