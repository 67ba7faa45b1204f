/** Result files: written whole, or not at all. */
import { constants } from "node:fs";
import { access, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { writeAndRename } from "../../study/store/whole-file.js";
import { fileErrorReason, InputError } from "./failures.js";

/** Characters that are written at a time. */
const BLOCK = 2 ** 16;

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
export async function writeWhole(path: string, content: string | Uint8Array | Iterable<string>): Promise<void> {
  const existing = await stat(path).catch(() => null);
  try {
    if (existing !== null && !existing.isFile())
      await writeFile(
        path,
        typeof content === "string" || content instanceof Uint8Array ? content : [...content].join(""),
      );
    else await writeAndRename(path, content);
  } catch (cause) {
    throw new InputError(`cannot write ${path}: ${fileErrorReason(cause)}`);
  }
}

/** As `writeWhole`, of many small parts. @throws InputError */
export function writeParts(path: string, parts: Iterable<string>): Promise<void> {
  return writeWhole(path, inBlocks(parts));
}

/** Parts put together: each block is written by itself. */
export function* inBlocks(parts: Iterable<string>): Generator<string> {
  let block = "";
  for (const part of parts) {
    block += part;
    if (block.length < BLOCK) continue;
    yield block;
    block = "";
  }
  yield block;
}
