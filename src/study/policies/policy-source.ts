/** The source of a policy as it stands in the core in the place of `assembly/policy/policy.ts`. */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { PolicyError } from "../../plan/policy-error.js";

/** What AssemblyScript finds by a path of the core. */
const HEDDLE_IMPORT = /^[ \t]*import\s+(?:type\s+)?\{[^}]*\}\s*from\s*["']heddle["'];?/gm;
const OTHER_IMPORT = /^[ \t]*(?:import\b|export\b[^;{=(]*(?:\{[^}]*\})?\s*from\b)/m;

/** @throws PolicyError where there is no such file, or it imports more than types of heddle's */
export async function readPolicySource(path: string): Promise<string> {
  const name = basename(path);
  const text = await readFile(path, "utf8").catch((cause: Error) => {
    throw new PolicyError(`cannot read ${path}: ${cause.message}`, name, undefined, { cause });
  });
  // Blanks, so that the compiler's messages name the right lines and columns.
  const source = text.replace(HEDDLE_IMPORT, (found) => found.replace(/[^\n]/g, " "));
  const other = OTHER_IMPORT.exec(source);
  if (other !== null) {
    const line = source.slice(0, other.index).split("\n").length;
    throw new PolicyError(`${path}:${line}: a policy is one file, which imports nothing but types from "heddle"`, name);
  }
  return `${source}\nimport { Decision } from "./decision";\n`;
}
