/** Sweep files, and the scenarios that they name. */

import { realpath } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { didYouMean } from "../../scenario/types/suggest.js";
import { type PolicyFile, readPolicyFile } from "../../study/policies/read-file.js";
import { sweepSource } from "../../study/sweep/expand.js";
import type { SweepSource } from "../../study/sweep/expansion.js";
import type { ReadPolicy } from "../../study/sweep/point-reader.js";
import { readSweep } from "../../study/sweep/sweep-file.js";
import { formatIssue, type ScenarioIssue } from "../../util/issue.js";
import { exampleNames } from "../support/bundled.js";
import type { Environment } from "../support/environment.js";
import { InputError } from "../support/failures.js";
import { readScenarioText, type ScenarioInput } from "../support/input.js";

export interface SweepInput {
  readonly sweep: SweepSource;
  /** As messages show it. */
  readonly file: string;
  readonly readPolicy: ReadPolicy;
}

/** @throws InputError, ScenarioError */
export async function readSweepInput(name: string, set: readonly string[], env: Environment): Promise<SweepInput> {
  const input = await readScenarioText(name, env, "sweep");
  const { text, file, defaultName } = input;
  const isBundled = (await exampleNames(env.examplesUrl, "sweep")).includes(name) && file !== name;
  const folder = isBundled ? null : name === "-" ? "." : dirname(name);
  const folders = new Map<string, string>();
  const sweep = await readSweep(text, {
    file,
    defaultName,
    set,
    readBase: async (base) => {
      const found = await readBase(base, folder, env);
      folders.set(found.file, found.folder);
      return found;
    },
  });
  return { sweep: sweepSource(sweep), file, readPolicy: policyReader(folders, input.folder) };
}

/**
 * Policies lie beside the file that names them.
 * @param folders of files that are parts of the sweep
 * @param ownFolder of the sweep itself
 */
export function policyReader(folders: ReadonlyMap<string, string>, ownFolder: string): ReadPolicy {
  const policies = new Map<string, Promise<PolicyFile>>();
  return (module, origin) => {
    const file = origin.from === "text" ? origin.file : undefined;
    const folder = (file === undefined ? undefined : folders.get(file)) ?? ownFolder;
    const path = join(folder, module);
    const policy = policies.get(path) ?? readPolicyFile(path, folder);
    policies.set(path, policy);
    return policy;
  };
}

/**
 * A file in the sweep's folder or below, or a bundled example: a sweep that came from elsewhere
 * must not read other files.
 */
async function readBase(name: string, folder: string | null, env: Environment): Promise<ScenarioInput> {
  const examples = await exampleNames(env.examplesUrl);
  const path = folder === null ? name : resolve(folder, name);
  const real = folder === null ? null : await realpath(path).catch(() => null);
  if (folder === null || real === null) {
    if (examples.includes(name)) return readScenarioText(name, env);
    const where = folder === null ? "" : ` in ${folder}`;
    throw new InputError(
      `there is no file ${JSON.stringify(name)}${where}${didYouMean(name, examples)}; bundled examples: ${examples.join(", ")}`,
    );
  }
  const inside = relative(await realpath(folder), real);
  if (inside.startsWith("..") || isAbsolute(inside)) {
    throw new InputError(
      `${JSON.stringify(name)} is outside of the sweep's folder; put the scenario beside the sweep file`,
    );
  }
  const shown = relative(".", path);
  return readScenarioText(shown.startsWith("..") ? path : shown, env);
}

export function printWarnings(warnings: readonly ScenarioIssue[], quiet: boolean, env: Environment): void {
  if (quiet) return;
  for (const warning of warnings) env.stderr.write(`warning: ${formatIssue(warning)}\n`);
}
