import type { Command } from "commander";
import { readPolicyFile } from "../../study/policies/read-file.js";
import { readSnapshot } from "../../study/snapshot/index.js";
import type { Environment } from "../support/environment.js";
import { InputError } from "../support/failures.js";
import type { Library } from "../support/library.js";
import { addPolicyOption, addVerboseOption, DEFAULT_SNAPSHOT_MS } from "../support/options.js";
import { addRunningOptions, type RunningOptions, runAndPrint } from "../support/running.js";
import type { SimulateOptions } from "../support/simulate-options.js";

interface ResumeOptions extends RunningOptions {
  readonly policy?: string;
}

export function define(command: Command, env: Environment): void {
  command.argument("<snapshot>", "file that heddle run --snapshot wrote; kept up to date, and removed at the end");
  addVerboseOption(addPolicyOption(addRunningOptions(command))).action((path: string, options: ResumeOptions) =>
    resume(path, options, env),
  );
}

async function resume(path: string, options: ResumeOptions, env: Environment): Promise<void> {
  const snapshot = await readSnapshot(path);
  const policy = options.policy === undefined ? undefined : await (await readPolicyFile(options.policy)).source();
  if (policy === undefined && isCustom(snapshot.description.scenario)) {
    // What a snapshot names is not run: it may come from anywhere.
    throw new InputError(`the run is routed by a policy of its own; write heddle resume ${path} --policy FILE`);
  }
  const kept = snapshot.description.snapshotEveryMs;
  const everyMs = options.snapshotEvery ?? (typeof kept === "number" && kept > 0 ? kept : DEFAULT_SNAPSHOT_MS);
  const goOn = (library: Library, how: SimulateOptions) =>
    library.resume(snapshot, { ...how, ...(policy && { policy }) });
  await runAndPrint(goOn, options, { path, everyMs }, env);
}

function isCustom(scenario: unknown): boolean {
  return (scenario as { routing?: { policy?: unknown } } | null)?.routing?.policy === "custom";
}
