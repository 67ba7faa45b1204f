import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * Makes a folder and those above it that are missing. Node's own recursive `mkdir` hides why it
 * failed, and where a file system denies a folder without a reason (/proc does) it does not end.
 * @throws the error of the first folder that cannot be made
 */
export async function makeFolder(path: string): Promise<void> {
  const above = dirname(resolve(path));
  try {
    await mkdir(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if ((await stat(path).catch(() => null))?.isDirectory() === true) return;
    if (code !== "ENOENT" || (await stat(above).catch(() => null)) !== null) throw cause;
    await makeFolder(above);
    await makeFolder(path);
  }
}
