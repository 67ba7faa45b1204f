/**
 * Loads the program: all commands and what they use, one CommonJS script. As one script it loads
 * sooner than as a hundred modules, and its compiled code can be kept.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import type * as Program from "./entries.js";
import { keptCode } from "./kept-code.js";

/** Name of the script beside the module that loads it; it holds a hash. The build writes it in. */
declare const PROGRAM_SCRIPT: string;

export interface LoadedProgram {
  readonly entries: typeof Program;
  /** To be called at the end of a command: keeps what was compiled for it. */
  keepCode(): void;
}

type Wrapper = (
  require: NodeJS.Require,
  module: { exports: unknown },
  programUrl: string,
  importModule: (specifier: string) => Promise<unknown>,
) => void;

/**
 * @param url of the module that loads it: the script's own place, to which its paths are relative
 * @param args of the command line: each command has code of its own
 */
export function loadProgram(url: string, args: readonly string[]): LoadedProgram {
  const filename = fileURLToPath(new URL(PROGRAM_SCRIPT, url));
  // The build writes nothing but ASCII.
  const source = readFileSync(filename, "latin1");
  const kept = keptCode(PROGRAM_SCRIPT, args.find((argument) => /^[a-z-]+$/.test(argument)) ?? "none", process.env);
  const cachedData = kept?.read();
  const script = new Script(source, { filename, ...(cachedData && { cachedData }) });
  const module = { exports: {} };
  const run = script.runInThisContext() as Wrapper;
  // A script cannot import by itself.
  run(createRequire(url), module, url, (specifier) => import(specifier));
  const isUsed = cachedData !== undefined && script.cachedDataRejected !== true;
  return {
    entries: module.exports as typeof Program,
    keepCode: () => {
      if (!isUsed) kept?.write(script.createCachedData());
    },
  };
}
