/** The custom routing policies of a store's points. */
import { dirname } from "node:path";
import type { CompiledPolicy, PolicyModule } from "../../engine/policy/source.js";
import { PolicyError } from "../../plan/policy-error.js";
import { type PolicyFile, readPolicyFile } from "../policies/read-file.js";
import type { PlannedPoint } from "../sweep/manifest.js";
import type { PointPolicy } from "../sweep/point.js";
import { StoreError, type StoreFolder } from "./folder.js";
import { makeFolder } from "./make-folder.js";
import { writeAndRename } from "./whole-file.js";

export async function writePolicy(folder: StoreFolder, policy: PolicyFile): Promise<void> {
  const path = folder.policy(policy);
  await makeFolder(dirname(path));
  await writeAndRename(path, policy.bytes);
}

/**
 * The policies of points, by digest.
 * @throws StoreError where a file is missing, or another than was planned; PolicyError where it is
 * TypeScript that cannot be read
 */
export async function readPolicies(
  folder: StoreFolder,
  points: readonly PlannedPoint[],
): Promise<ReadonlyMap<string, PolicyModule | CompiledPolicy>> {
  const policies = new Map<string, PolicyModule | CompiledPolicy>();
  for (const { policy } of points) {
    if (policy === undefined || policies.has(policy.digest)) continue;
    const source = await (await readChecked(folder, policy)).source();
    if (typeof source !== "function") policies.set(policy.digest, source);
  }
  return policies;
}

async function readChecked(folder: StoreFolder, policy: PointPolicy): Promise<PolicyFile> {
  const path = folder.policy(policy);
  let file: PolicyFile;
  try {
    file = await readPolicyFile(path);
  } catch (cause) {
    if (!(cause instanceof PolicyError)) throw cause;
    throw new StoreError(`${cause.message}; plan the sweep again`, { cause });
  }
  if (file.digest === policy.digest) return file;
  throw new StoreError(`${path} is not the policy that was planned: its content has changed; plan the sweep again`);
}
