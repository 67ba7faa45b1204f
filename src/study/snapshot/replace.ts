/** Files that are replaced whole, or not at all. */
import { type FileHandle, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { threadId } from "node:worker_threads";
import { asFileError, errorCode, SnapshotError } from "./errors.js";

/** Temporary files that this thread is writing. */
const inUse = new Set<string>();
let opened = 0;

/**
 * Writes a file beside the target, and puts it in the target's place once it is on the disk. What a
 * killed writer has left of its temporary files is removed first.
 * @param write fills the file; when it fails, the target stays as it is
 * @throws SnapshotError and what `write` throws
 */
export async function replaceFile<Result>(path: string, write: (file: FileHandle) => Promise<Result>): Promise<Result> {
  // The process may change its folder meanwhile.
  const target = resolve(path);
  try {
    await checkTarget(path, target);
    await removeLeftovers(target);
    return await writeAndRename(target, write);
  } catch (cause) {
    throw asFileError(path, "write", cause);
  }
}

async function writeAndRename<Result>(target: string, write: (file: FileHandle) => Promise<Result>): Promise<Result> {
  const temporary = join(dirname(target), `${prefix(target)}${process.pid}-${threadId}-${opened++}${SUFFIX}`);
  inUse.add(temporary);
  try {
    const result = await fill(temporary, write);
    await rename(temporary, target);
    await syncFolder(dirname(target));
    return result;
  } finally {
    // Not there any more when all went well.
    await rm(temporary, { force: true });
    inUse.delete(temporary);
  }
}

async function fill<Result>(path: string, write: (file: FileHandle) => Promise<Result>): Promise<Result> {
  // Exclusive: in a folder open to others, the name may be a link to somewhere else.
  const file = await open(path, "wx");
  try {
    const result = await write(file);
    await file.sync();
    return result;
  } finally {
    await file.close();
  }
}

/** Renaming over anything but a file would fail after all the work, or replace a device. */
async function checkTarget(path: string, target: string): Promise<void> {
  const existing = await stat(target).catch(() => null);
  if (existing === null || existing.isFile()) return;
  const what = existing.isDirectory() ? "it is a directory" : "it is not an ordinary file";
  throw new SnapshotError(path, `cannot write ${path}: ${what}`);
}

/** Without it, the new name may be lost with the power. Not every system can do it. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => null);
  if (handle === null) return;
  try {
    await handle.sync();
  } catch (cause) {
    if (!UNSUPPORTED.has(errorCode(cause))) throw cause;
  } finally {
    await handle.close();
  }
}

const UNSUPPORTED: ReadonlySet<string | undefined> = new Set(["EINVAL", "ENOTSUP", "EOPNOTSUPP", "EPERM", "EISDIR"]);

const SUFFIX = ".tmp";

function prefix(target: string): string {
  return `.${basename(target)}.`;
}

/**
 * Best effort: what cannot be listed or removed stays. Processes of other machines count as gone.
 */
async function removeLeftovers(target: string): Promise<void> {
  const folder = dirname(target);
  const start = prefix(target);
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(start) || !name.endsWith(SUFFIX)) continue;
    const owner = /^(\d+)-(\d+)-\d+$/.exec(name.slice(start.length, -SUFFIX.length));
    if (owner === null) continue;
    const path = join(folder, name);
    if (isAbandoned(path, Number(owner[1]), Number(owner[2]))) await rm(path, { force: true }).catch(() => {});
  }
}

function isAbandoned(path: string, pid: number, thread: number): boolean {
  // In containers, a process often has the number of its killed predecessor.
  if (pid === process.pid) return thread === threadId && !inUse.has(path);
  try {
    process.kill(pid, 0);
    return false;
  } catch (cause) {
    return errorCode(cause) === "ESRCH";
  }
}
