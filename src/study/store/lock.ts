/** One process at a time appends to a store. */
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { StoreError, type StoreFolder } from "./folder.js";

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Of the process, where the system tells: numbers of processes come again. */
  readonly started: string;
}

/**
 * Takes the store's lock; the lock of a process that has died is taken over.
 * @returns gives it back
 * @throws StoreError where another process has it
 */
export async function lockStore(folder: StoreFolder): Promise<() => Promise<void>> {
  const { lock: path } = folder;
  const own: Holder = { pid: process.pid, host: hostname(), started: await startOf(process.pid) };
  const mine = `${path}.${own.pid}`;
  try {
    await writeFile(mine, `${JSON.stringify(own)}\n`);
    for (let attempt = 0; ; attempt++) {
      try {
        // Unlike a rename, a link fails where there is a lock already; unlike an exclusive write,
        // it is never half there.
        await link(mine, path);
        return () => rm(path, { force: true });
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== "EEXIST" || attempt === 3) throw cause;
      }
      const holder = await readHolder(path);
      if (holder !== undefined && (await isAlive(holder, own))) {
        throw new StoreError(
          `process ${holder.pid} on ${holder.host} writes to ${folder.path}; wait for it, or, if it is gone, remove ${path}`,
        );
      }
      await rm(path, { force: true });
    }
  } finally {
    await rm(mine, { force: true });
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Holder;
  } catch {
    return undefined;
  }
}

async function isAlive({ pid, host, started }: Holder, own: Holder): Promise<boolean> {
  // Of other machines nothing is known.
  if (host !== own.host) return true;
  // In a container the dead one may have had this process's number.
  if (pid === own.pid) return started === own.started && started !== "";
  try {
    process.kill(pid, 0);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return started === (await startOf(pid));
}

/** Clock ticks from boot to the start of a process, as Linux tells; empty elsewhere. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}
