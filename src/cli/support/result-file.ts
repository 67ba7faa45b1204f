import { readFile } from "node:fs/promises";
import type { ResultDocument } from "../../answer/result/document.js";
import { readResult } from "../../study/compare/read.js";
import { fileErrorReason, InputError } from "./failures.js";

/** A result that `heddle run` has written. @throws InputError, CompareError */
export async function readResultFile(file: string): Promise<ResultDocument> {
  return readResult(await readText(file), file);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new InputError(`cannot read ${file}: ${fileErrorReason(cause)}`);
  }
}
