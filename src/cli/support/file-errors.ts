/** The reason of a failed file operation, in words where it is a common one. */
export function fileErrorReason(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: "no such file or directory",
    EACCES: "permission denied",
    EPERM: "not permitted",
    EISDIR: "it is a directory",
    ENOTDIR: "a part of the path is not a directory",
    ENOSPC: "no space left on the device",
    EDQUOT: "the quota is used up",
    EFBIG: "the file would be larger than is allowed",
    EROFS: "the file system is read-only",
  };
  return (
    (typeof code === "string" ? reasons[code] : undefined) ?? (error instanceof Error ? error.message : String(error))
  );
}
