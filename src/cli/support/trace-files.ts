/** Traces as files: one for all ranks, or in a folder one for each. */
import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { InvalidArgumentError } from "commander";
import type { Simulation } from "../../api/simulation.js";
import { fileErrorReason, InputError } from "./failures.js";
import { checkWritable, writeParts } from "./output.js";

/** Ranks and ranges of ranks, e.g. `0,8-15`. @throws InvalidArgumentError */
export function parseRanks(text: string): readonly number[] {
  const ranks = text.split(",").flatMap((part) => {
    const [, first, last = first] = /^(\d{1,7})(?:-(\d{1,7}))?$/.exec(part.trim()) ?? [];
    if (first === undefined || Number(last) < Number(first)) {
      throw new InvalidArgumentError("Write ranks and ranges of them, e.g. --trace-ranks 0,8-15.");
    }
    return Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) => Number(first) + i);
  });
  return [...new Set(ranks)].sort((a, b) => a - b);
}

/** Finds out before the run whether the trace can be written. @throws InputError */
export async function checkTraceTarget(path: string): Promise<void> {
  if (!(await isFolder(path))) return checkWritable(path);
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    throw new InputError(`cannot write ${path}: ${fileErrorReason(cause)}`);
  }
  await checkWritable(join(path, "rank-0.json"));
}

/** Writes the trace; says what it leaves out. @throws InputError */
export async function writeTrace(simulation: Simulation, path: string, say: (text: string) => void): Promise<void> {
  const trace = simulation.trace();
  if (trace.note !== undefined) say(`the trace shows ${trace.note}`);
  if (!(await isFolder(path))) return writeParts(path, trace.parts());
  for (const rank of trace.ranks) await writeParts(join(path, `rank-${rank}.json`), trace.parts([rank]));
}

/** A name that ends like a folder's, or is one. */
async function isFolder(path: string): Promise<boolean> {
  return path.endsWith("/") || (await stat(path).catch(() => null))?.isDirectory() === true;
}
