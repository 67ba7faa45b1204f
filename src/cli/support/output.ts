/** Result files: written whole, or not at all. */
import { constants } from "node:fs";
import { access, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { writeAndRename } from "../../study/store/whole-file.js";
import { fileErrorReason, InputError } from "./failures.js";

/**
 * Finds out before a long run whether its result can be written.
 * @throws InputError
 */
export async function checkWritable(path: string): Promise<void> {
  const existing = await stat(path).catch(() => null);
  if (existing?.isDirectory()) throw new InputError(`cannot write ${path}: it is a directory`);
  try {
    await access(existing === null || existing.isFile() ? dirname(path) : path, constants.W_OK);
  } catch (cause) {
    throw new InputError(`cannot write ${path}: ${fileErrorReason(cause)}`);
  }
}

/**
 * Writes through a temporary file beside the target and a rename; devices and pipes directly.
 * @throws InputError
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const existing = await stat(path).catch(() => null);
  try {
    if (existing !== null && !existing.isFile()) await writeFile(path, content);
    else await writeAndRename(path, content);
  } catch (cause) {
    throw new InputError(`cannot write ${path}: ${fileErrorReason(cause)}`);
  }
}
