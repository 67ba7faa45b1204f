/** Errors of snapshot files. */
import { HeddleError } from "../../util/heddle-error.js";

/** A snapshot cannot be written, read or trusted; the message names the file and says why. */
export class SnapshotError extends HeddleError {
  override readonly name = "SnapshotError";
  readonly code = "HEDDLE_SNAPSHOT";

  constructor(
    readonly path: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory",
  EACCES: "permission denied",
  EPERM: "not permitted",
  EISDIR: "it is a directory",
  ENOTDIR: "a part of the path is not a directory",
  ENOSPC: "no space left on the device",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file system takes no file as large as this",
  EROFS: "the file system is read-only",
  EIO: "the device reports an error",
};

/** A failed file operation as a SnapshotError; anything else as it is. */
export function asFileError(path: string, verb: "read" | "write", error: unknown): unknown {
  const code = errorCode(error);
  if (error instanceof SnapshotError || code === undefined) return error;
  const reason = REASONS[code] ?? (error as Error).message;
  return new SnapshotError(path, `cannot ${verb} ${path}: ${reason}`, { cause: error });
}

/** The code of an error of Node's, e.g. ENOENT. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || error instanceof HeddleError || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
