import { readdir, readFile } from "node:fs/promises";
import type { PolicyFile } from "../policies/read-file.js";
import { formatManifest, type Manifest, parseManifest } from "../sweep/manifest.js";
import { StoreError, type StoreFolder } from "./folder.js";
import { writePolicy } from "./policies.js";
import { writeAndRename } from "./whole-file.js";

/** Names of the sweeps of a store, sorted. */
export async function sweepNames(folder: StoreFolder): Promise<string[]> {
  const files = await readdir(folder.sweeps).catch(() => []);
  return files
    .filter((file) => file.endsWith(".json") && !file.startsWith("."))
    .map((file) => file.slice(0, -".json".length))
    .sort();
}

/**
 * One sweep of a store.
 * @param name may be left out where there is only one
 * @throws StoreError, ManifestError
 */
export async function readManifest(folder: StoreFolder, name?: string): Promise<Manifest> {
  const names = await sweepNames(folder);
  if (names.length === 0) {
    throw new StoreError(`${folder.path} holds no sweep; plan one: heddle sweep plan FILE --out ${folder.path}`);
  }
  if (name === undefined && names.length > 1) {
    throw new StoreError(`${folder.path} holds several sweeps (${names.join(", ")}); name one: --sweep ${names[0]}`);
  }
  const wanted = name ?? names[0]!;
  if (!names.includes(wanted)) {
    throw new StoreError(`${folder.path} holds no sweep ${JSON.stringify(wanted)}, but ${names.join(", ")}`);
  }
  const path = folder.manifest(wanted);
  return parseManifest(await readFile(path, "utf8"), path);
}

/**
 * Custom routing policies go into the store beside the plan, for every machine to run what was
 * planned.
 */
export async function writeManifest(
  folder: StoreFolder,
  manifest: Manifest,
  policies: readonly PolicyFile[],
): Promise<void> {
  for (const policy of policies) await writePolicy(folder, policy);
  await writeAndRename(folder.manifest(manifest.name), formatManifest(manifest));
}
