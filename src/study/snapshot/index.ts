/** Snapshot files: what they hold, writing and reading them. Node only. */
export type { SnapshotDescription } from "./description.js";
export { SnapshotError } from "./errors.js";
export { readSnapshot, readSnapshotDescription } from "./read.js";
export { type Snapshot, writeSnapshot } from "./write.js";
