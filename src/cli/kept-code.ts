/**
 * A script's compiled code, kept between processes: compiling is a third of what a short command
 * takes. Whatever goes wrong here, the script is compiled as usual.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Files that stay in the folder: about 2 MB each, one for each command and version of Node. */
const MAX_FILES = 16;
const DIGEST_BYTES = 20;

export interface KeptCode {
  /** Undefined where nothing usable is kept. */
  read(): Buffer | undefined;
  write(code: Buffer): void;
}

/**
 * @param script names the script's contents: code of one script must never be given to another
 * @param use names the use of the script: it decides which parts are compiled
 * @returns undefined where the user wants none, or has no folder for it
 */
export function keptCode(script: string, use: string, variables: NodeJS.ProcessEnv): KeptCode | undefined {
  if (variables.NODE_DISABLE_COMPILE_CACHE !== undefined) return undefined;
  const folder = folderOf(variables);
  if (folder === undefined) return undefined;
  const file = join(folder, `${script}-${process.versions.v8}-${process.arch}-${use}.code`);
  return {
    read() {
      try {
        // Code is trusted as the program is: a folder of somebody else's is not read.
        if (!isOwn(folder)) return undefined;
        const bytes = readFileSync(file);
        const code = bytes.subarray(DIGEST_BYTES);
        return digestOf(code).equals(bytes.subarray(0, DIGEST_BYTES)) ? code : undefined;
      } catch {
        return undefined;
      }
    },
    write(code) {
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        if (!isOwn(folder)) return;
        // Other processes read and write here, too.
        const draft = `${file}.${process.pid}`;
        writeFileSync(draft, Buffer.concat([digestOf(code), code]), { mode: 0o600 });
        renameSync(draft, file);
        dropOldest(folder);
      } catch {
        // The next process compiles once more.
      }
    },
  };
}

function folderOf({ XDG_CACHE_HOME, LOCALAPPDATA }: NodeJS.ProcessEnv): string | undefined {
  if (XDG_CACHE_HOME) return join(XDG_CACHE_HOME, "heddle");
  if (process.platform === "win32") return LOCALAPPDATA ? join(LOCALAPPDATA, "heddle", "cache") : undefined;
  try {
    return join(homedir(), process.platform === "darwin" ? "Library/Caches" : ".cache", "heddle");
  } catch {
    return undefined;
  }
}

function isOwn(folder: string): boolean {
  return process.getuid === undefined || statSync(folder).uid === process.getuid();
}

function digestOf(code: Buffer): Buffer {
  return createHash("sha1").update(code).digest();
}

function dropOldest(folder: string): void {
  const files = readdirSync(folder).map((name) => join(folder, name));
  const newestFirst = files.map((path) => ({ path, at: statSync(path).mtimeMs })).sort((a, b) => b.at - a.at);
  for (const { path } of newestFirst.slice(MAX_FILES)) rmSync(path, { force: true });
}
