/** Why points have no row, for whoever asks later. */
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { HeddleErrorCode } from "../../util/heddle-error.js";
import type { StoreFolder } from "./folder.js";
import { writeAndRename } from "./whole-file.js";

export interface PointFailure {
  readonly id: string;
  /** Absent in stores of older versions, and where the file is damaged. */
  readonly code?: HeddleErrorCode;
  readonly name: string;
  readonly message: string;
  readonly attempts: number;
}

export async function writeFailure(folder: StoreFolder, failure: PointFailure): Promise<void> {
  await writeAndRename(join(folder.failed, `${failure.id}.json`), `${JSON.stringify(failure)}\n`);
}

export async function clearFailure(folder: StoreFolder, id: string): Promise<void> {
  await rm(join(folder.failed, `${id}.json`), { force: true });
}

/** Ids of the points that have failed. */
export async function failedIds(folder: StoreFolder): Promise<Set<string>> {
  const names = await readdir(folder.failed).catch(() => []);
  return new Set(names.filter((file) => file.endsWith(".json")).map((file) => file.slice(0, -".json".length)));
}

/** By id; of a file that is damaged nothing is known but that the point failed. */
export async function readFailures(folder: StoreFolder): Promise<Map<string, PointFailure>> {
  const names = await readdir(folder.failed).catch(() => []);
  const failures = new Map<string, PointFailure>();
  for (const name of names.filter((file) => file.endsWith(".json") && !file.startsWith("."))) {
    const id = name.slice(0, -".json".length);
    const text = await readFile(join(folder.failed, name), "utf8").catch(() => "");
    try {
      failures.set(id, JSON.parse(text) as PointFailure);
    } catch {
      failures.set(id, { id, name: "Error", message: "the point failed", attempts: 1 });
    }
  }
  return failures;
}
