import { readFileSync, realpathSync, statSync } from "node:fs";
import { isAbsolute, join, relative, sep } from "node:path";
import type { FileReader } from "../../scenario/document/inline-files.js";
import { fileErrorReason } from "./failures.js";

const LARGEST_BYTES = 16 * 2 ** 20;

/**
 * Reads files that a scenario names, from its folder or below, wherever links lead: a scenario may
 * come from anywhere.
 */
export function siblingReader(folder: string): FileReader {
  return (path) => {
    try {
      const [root, file] = [realpathSync(folder), realpathSync(join(folder, path))];
      const way = relative(root, file);
      if (isAbsolute(path) || way === "" || way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way)) {
        throw new OutsideError("it lies outside of the scenario's folder; move it there");
      }
      if (statSync(file).size > LARGEST_BYTES) throw new OutsideError("it is larger than 16 MiB");
      return readFileSync(file, "utf8");
    } catch (cause) {
      throw cause instanceof OutsideError ? cause : new Error(`cannot be read: ${fileErrorReason(cause)}`);
    }
  };
}

class OutsideError extends Error {}
