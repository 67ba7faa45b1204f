/** The files of matrices of sizes that a scenario names (`workload.sizes`), put in their place. */
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { isFileName } from "../../scenario/defaults/size-matrix.js";
import { IssueList } from "../../scenario/document/issues.js";
import { type DocNode, nodeAt } from "../../scenario/document/node.js";
import { applyOverrides, withValue } from "../../scenario/parse/overrides.js";
import type { Path } from "../../util/document-path.js";
import { readAll } from "./read-all.js";

const LARGEST_MATRIX = 64 * 1024 * 1024;

/** A document, and the overrides that are still to be applied to it. */
export interface Overridden {
  readonly root: DocNode;
  readonly set: readonly string[];
}

/**
 * The document with matrices instead of their files' names. A name in the scenario is that of a
 * file beside it, one in an override is looked for from where the command runs. A document that is
 * wrong is left as it is: to say so is up to the parser.
 * @throws InputError where a file cannot be read
 */
export async function withSizeFiles({ root, set }: Overridden, folder: string): Promise<Overridden> {
  const issues = new IssueList(undefined);
  let result = applyOverrides(root, set, issues);
  if (!issues.isEmpty) return { root, set };
  for (const path of placesOf(result)) {
    const node = nodeAt(result, path);
    if (node?.type !== "scalar" || typeof node.value !== "string" || !isFileName(node.value)) continue;
    const file = node.origin.from === "set" ? node.value : join(folder, node.value);
    const value = await readAll(createReadStream(file), file, LARGEST_MATRIX, "too large; write a smaller matrix");
    result = withValue(result, path, { ...node, value });
  }
  return { root: result, set: [] };
}

/** Where a matrix may stand: in the workload, or in that of a job. */
function placesOf(root: DocNode): Path[] {
  const jobs = nodeAt(root, ["jobs"]);
  const count = jobs?.type === "list" ? jobs.items.length : 0;
  return [["workload", "sizes"], ...Array.from({ length: count }, (_, job) => ["jobs", job, "workload", "sizes"])];
}
