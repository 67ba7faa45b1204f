/**
 * Many runs at a time, in Node.
 *
 * @module heddle/batch
 */

export type { Fault } from "../../util/heddle-error.js";
export type { PointRow, ResultFacts } from "../sweep/row.js";
export { type BatchControls, type BatchJob, type BatchOptions, type JobOutcome, runBatch } from "./batch.js";
export { RunError, WorkerError } from "./errors.js";
export { type EstimatesOptions, estimateAll, isFault } from "./estimates.js";
export { type PoolOptions, type PoolRunOptions, RunPool } from "./pool.js";
export type { BatchState } from "./progress.js";
export type { PostablePolicy } from "./task.js";
