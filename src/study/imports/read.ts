/** Reads the files of a trace. Node only. */
import { createHash } from "node:crypto";
import { ScenarioError } from "../../scenario/types/errors.js";
import type { ReadTrace, TraceRequest } from "../../scenario/types/read-trace.js";
import type { ScenarioIssue } from "../../util/issue.js";
import type { Imported, ImportFormat } from "./common/format.js";
import { otherFormat } from "./common/recognise.js";
import { SourceFile } from "./common/source.js";
import { OTHER_READERS, TRACE_READERS } from "./registry.js";

/** Files that are looked at where one was not read: sets of traces have thousands. */
const MAX_LOOKED_AT = 8;

export interface ImportRead extends Imported {
  /** Tells contents and options from others. */
  readonly digest: string;
}

/**
 * Reads files of a format.
 * @param request the options beside the format and the files
 * @param folder files must lie in it or below
 * @throws ScenarioError with the file and the place of what is wrong
 */
export async function readImport(request: TraceRequest, folder: string): Promise<ImportRead> {
  const readers: Readonly<Record<string, ImportFormat<never>>> = { ...TRACE_READERS, ...OTHER_READERS };
  const format = readers[request.format]!;
  const files: SourceFile[] = [];
  for (const name of request.files) files.push(await SourceFile.open(name, folder));
  const imported = await format.read(files, request as never).catch(async (cause: unknown) => {
    throw await withOtherFormats(cause, files, [request.format, ...(format.alsoReads ?? [])]);
  });
  const { files: _, ...options } = request;
  const digests = files.map((file) => file.digest);
  const all = createHash("sha256").update(JSON.stringify([options, digests]));
  return { ...imported, digest: all.digest("hex").slice(0, 16) };
}

/** The error of files that were not read; first it says which of them look like another format. */
async function withOtherFormats(cause: unknown, files: readonly SourceFile[], formats: readonly string[]) {
  if (!(cause instanceof ScenarioError)) return cause;
  const hints: ScenarioIssue[] = [];
  for (const file of files.slice(0, MAX_LOOKED_AT)) {
    const message = otherFormat(await file.head(), formats);
    if (message !== undefined) hints.push({ message, path: "", file: file.name });
  }
  return hints.length === 0 ? cause : new ScenarioError([...hints, ...cause.issues]);
}

/** As `readImport`, of a workload. @throws ScenarioError */
export async function readTrace(request: TraceRequest, folder: string): Promise<ReadTrace> {
  const { workload, ranks, digest, notes } = await readImport(request, folder);
  if (workload === undefined) {
    throw new ScenarioError([{ message: `${request.format} files hold no workload`, path: "workload.format" }]);
  }
  return { workload, ranks, digest, notes };
}
