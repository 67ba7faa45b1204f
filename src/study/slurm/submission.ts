/** What was submitted for a sweep, for those who ask how it is. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { StoreFolder } from "../store/folder.js";
import { writeAndRename } from "../store/whole-file.js";

export interface Submission {
  readonly job: string;
  readonly mergeJob: string;
  readonly shards: number;
  /** Shards of the array; the others had nothing left to do. */
  readonly indices: readonly number[];
}

const fileOf = (folder: StoreFolder, sweep: string) => join(folder.path, "slurm", `${sweep}.json`);

export async function writeSubmission(folder: StoreFolder, sweep: string, submission: Submission): Promise<void> {
  await writeAndRename(fileOf(folder, sweep), `${JSON.stringify(submission)}\n`);
}

/** Undefined where nothing was submitted. */
export async function readSubmission(folder: StoreFolder, sweep: string): Promise<Submission | undefined> {
  const text = await readFile(fileOf(folder, sweep), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Submission);
}
