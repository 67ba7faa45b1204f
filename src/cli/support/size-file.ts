/** The file of a matrix of sizes that a scenario names (`workload.sizes`), put in its place. */
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { isFileName } from "../../scenario/defaults/size-matrix.js";
import { type DocNode, nodeAt, type Origin } from "../../scenario/document/node.js";
import { withValue } from "../../scenario/parse/overrides.js";
import { readAll } from "./read-all.js";

const PATH = ["workload", "sizes"];
const OVERRIDE = /^\s*workload\.sizes\s*=(.*)$/s;
const LARGEST_MATRIX = 64 * 1024 * 1024;

/** A document, and the overrides that are still to be applied to it. */
export interface Overridden {
  readonly root: DocNode;
  readonly set: readonly string[];
}

/**
 * The document with the matrix instead of its file's name. A name in the scenario is that of a file
 * beside it, one in an override is looked for from where the command runs.
 * @throws InputError where the file cannot be read
 */
export async function withSizeFile({ root, set }: Overridden, folder: string): Promise<Overridden> {
  const override = set.findLast((each) => OVERRIDE.test(each));
  const written = override === undefined ? writtenName(root) : OVERRIDE.exec(override)![1]!.trim();
  if (written === null || !isFileName(written)) return { root, set };
  const file = override === undefined ? join(folder, written) : written;
  const value = await readAll(createReadStream(file), file, LARGEST_MATRIX, "write a smaller matrix");
  const origin: Origin = override === undefined ? nodeAt(root, PATH)!.origin : { from: "set", set: override };
  return {
    root: withValue(root, PATH, { type: "scalar", value, origin }),
    set: set.filter((each) => !OVERRIDE.test(each)),
  };
}

function writtenName(root: DocNode): string | null {
  const node = nodeAt(root, PATH);
  return node?.type === "scalar" && typeof node.value === "string" ? node.value : null;
}
