import { stat } from "node:fs/promises";
import type { Command } from "commander";
import { hasFlowFile } from "../../scenario/types/flow-table.js";
import { withSlowdowns } from "../../study/slowdown/alone.js";
import type { Environment } from "../support/environment.js";
import { InputError } from "../support/failures.js";
import { readScenario } from "../support/input.js";
import type { Library } from "../support/library.js";
import {
  addPolicyOption,
  addSetOption,
  addVerboseOption,
  DEFAULT_SNAPSHOT_MS,
  FILE_ARGUMENT,
} from "../support/options.js";
import { checkWritable } from "../support/output.js";
import { addRunningOptions, type RunningOptions, runAndPrint } from "../support/running.js";
import type { SimulateOptions } from "../support/simulate-options.js";

interface RunOptions extends RunningOptions {
  readonly set: readonly string[];
  readonly snapshot?: string;
  readonly policy?: string;
  readonly slowdown?: boolean;
  readonly explain?: boolean;
  readonly pauses?: boolean;
}

export function define(command: Command, env: Environment): void {
  command
    .argument(...FILE_ARGUMENT)
    .option("--explain", "follow the critical path: what every part of the JCT was spent on; takes three runs in all")
    .option("--pauses", "trace every pause and wait for credit to its root: ports, flows and times")
    .option("--slowdown", "simulate each job alone, too, and tell how much longer it takes beside the others")
    .option("--snapshot <file>", "keep the state of the run in a file, for heddle resume; removed at the end");
  addVerboseOption(addPolicyOption(addSetOption(addRunningOptions(command)))).action(
    (file: string, options: RunOptions) => run(file, options, env),
  );
}

async function run(file: string, options: RunOptions, env: Environment): Promise<void> {
  const { snapshot: path, snapshotEvery } = options;
  if (path !== undefined && options.explain === true) {
    throw new InputError("--explain repeats the run, which --snapshot cannot keep; leave one of them out");
  }
  if (path !== undefined && options.pauses === true) {
    throw new InputError("--pauses records the run, which --snapshot cannot keep; leave one of them out");
  }
  if (options.pauses === true && options.explain === true) {
    throw new InputError("--pauses and --explain each record the run; ask for one of them at a time");
  }
  if (path === undefined && snapshotEvery !== undefined) {
    throw new InputError("--snapshot-every needs a file to write to: add --snapshot FILE");
  }
  if (path !== undefined) await checkFree(path);
  const { scenario, policy: policyFile } = await readScenario(file, options, env);
  if (path !== undefined && hasFlowFile(scenario.workload)) {
    throw new InputError(
      "--snapshot cannot keep a workload that is in a file; write it in the scenario, or leave it out",
    );
  }
  if (options.slowdown === true && scenario.workload.kind !== "jobs") {
    throw new InputError("--slowdown compares jobs with each job alone; the scenario has a workload: write jobs");
  }
  const policy = await policyFile?.source();
  const snapshot = path === undefined ? undefined : { path, everyMs: snapshotEvery ?? DEFAULT_SNAPSHOT_MS };
  const simulate = async (library: Library, how: SimulateOptions) => {
    const result = await library.simulate(scenario, {
      ...how,
      ...(policy && { policy }),
      ...(options.explain === true && { explain: true }),
      ...(options.pauses === true && { pauses: true }),
    });
    if (options.slowdown !== true || how.signal?.aborted === true) return result;
    const { keep: _, onEstimate: __, ...again } = how;
    return withSlowdowns(scenario, result, (alone) => library.simulate(alone, { ...again, ...(policy && { policy }) }));
  };
  await runAndPrint(simulate, options, snapshot, env);
}

/** A snapshot that is there may be hours of work. */
async function checkFree(path: string): Promise<void> {
  await checkWritable(path);
  const existing = await stat(path).catch(() => null);
  if (existing === null) return;
  throw new InputError(`${path} is there already; go on from it with heddle resume ${path}, or remove it`);
}
