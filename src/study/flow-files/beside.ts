/** Files beside a scenario. Node only. */
import type { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { realpath } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { flowFileError } from "./flow-rows.js";

/** The bytes of a file, each of which goes into the hash. */
export async function* hashed(
  path: string,
  name: string,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      hash.update(chunk as Uint8Array);
      yield chunk as Uint8Array;
    }
  } catch (cause) {
    throw (cause as { code?: unknown }).code === undefined ? cause : unreadable(name, cause);
  }
}

/**
 * The file that a name leads to: a scenario may come from anywhere, with links beside it.
 * @throws ScenarioError where it is outside of the folder, or not there
 */
export async function within(folder: string, name: string): Promise<string> {
  if (isAbsolute(name)) throw flowFileError(name, "write a path from the scenario's folder");
  const [root, file] = await Promise.all([folder, join(folder, name)].map((each) => realpath(each))).catch((cause) => {
    throw unreadable(name, cause);
  });
  const way = relative(root!, file!);
  if (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way)) return file!;
  throw flowFileError(name, "is outside of the scenario's folder; copy the file there");
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "it may not be read",
  EISDIR: "it is a directory",
};

/** The error of a file that could not be opened or read. */
export function unreadable(name: string, cause: unknown) {
  const { code, message } = cause as { code?: string; message: string };
  return flowFileError(name, `cannot be read: ${REASONS[code ?? ""] ?? message}`);
}
