/** Planning a sweep into the folder of its store: what `sweep` and `sweep plan` share. */
import { stat } from "node:fs/promises";
import type { PlannedSweep } from "../../study/batch/plan-sweep.js";
import { StoreFolder } from "../../study/store/folder.js";
import { readManifest, sweepNames } from "../../study/store/manifests.js";
import { comparePlans, type Manifest, ManifestError } from "../../study/sweep/manifest.js";
import type { Environment } from "../support/environment.js";
import { ExitCode } from "../support/exit-codes.js";
import { fileErrorReason, InputError, isSystemError } from "../support/failures.js";
import type { SweepInput } from "./input.js";
import type { PoolSettings } from "./options.js";
import { describeChange, describeInvalid } from "./report.js";
import { SweepSession } from "./session.js";

export function folderOf({ sweep }: SweepInput, { out }: { readonly out?: string }): StoreFolder {
  return new StoreFolder(out ?? `${sweep.name}.sweep`);
}

/**
 * The plan of this name that is in the store already. One that is damaged is none: it is about to
 * be written anew.
 */
export async function planBefore(folder: StoreFolder, name: string, env: Environment): Promise<Manifest | undefined> {
  if (!(await sweepNames(folder)).includes(name)) return undefined;
  try {
    return await readManifest(folder, name);
  } catch (cause) {
    if (!(cause instanceof ManifestError)) throw cause;
    env.stderr.write(`${folder.manifest(name)} is damaged; the sweep is planned anew\n`);
    return undefined;
  }
}

interface Planning {
  readonly input: SweepInput;
  readonly folder: StoreFolder;
  readonly before: Manifest | undefined;
}

/**
 * Plans the sweep, says what has changed since the plan before, and goes on with `use`, unless it
 * was interrupted.
 * @throws InputError
 */
export async function withPlan(
  { input, folder, before }: Planning,
  settings: PoolSettings,
  env: Environment,
  use: (plan: PlannedSweep, session: SweepSession) => Promise<void>,
): Promise<void> {
  const known = new Map(before?.points.map(({ id, estimate }) => [id, estimate]));
  const wasThere = await createFolder(folder);
  await SweepSession.with(settings, env, async (session) => {
    let plan: PlannedSweep | undefined;
    try {
      plan = await session.plan(input, known);
    } finally {
      if (plan === undefined && !wasThere) await folder.removeEmpty();
    }
    if (plan === undefined) {
      env.stderr.write("heddle: interrupted before the sweep was planned\n");
      env.setExitCode(ExitCode.Interrupted);
      return;
    }
    const { manifest } = plan;
    const change = before === undefined ? undefined : describeChange(comparePlans(before, manifest));
    if (change !== undefined) env.stderr.write(`${change}\n`);
    if (manifest.tornado === undefined) describeInvalid(manifest, env);
    await use(plan, session);
  });
}

/** What the system refuses in a store is the user's to put right. @throws InputError */
export async function inStore<T>(folder: StoreFolder, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    const kept = "what is finished is kept, and the same command goes on from there";
    throw new InputError(`cannot use the store ${folder.path}: ${fileErrorReason(cause)}; ${kept}`, { cause });
  }
}

/** @returns whether it was there before. @throws InputError */
async function createFolder(folder: StoreFolder): Promise<boolean> {
  const existing = await stat(folder.path).catch(() => null);
  if (existing !== null && !existing.isDirectory()) throw new InputError(`cannot write ${folder.path}: it is a file`);
  try {
    await folder.create();
    return existing !== null;
  } catch (cause) {
    throw new InputError(`cannot write ${folder.path}: ${fileErrorReason(cause)}`);
  }
}
