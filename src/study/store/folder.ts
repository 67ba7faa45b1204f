/**
 * What lies where in a store:
 *
 *     points.ndjson        the truth: one row per finished point; rows are only appended, and
 *                          sorted by id once a sweep is complete
 *     sweeps/<name>.json   the points of each sweep
 *     finished/<id>.json   rows that shards have finished and nobody has merged yet
 *     failed/<id>.json     why a point has no row
 *     results/<id>.json    whole results, where they are kept
 *     policies/<digest>/   custom routing policies of the points
 *     lock                 process that appends
 */
import { rmdir } from "node:fs/promises";
import { join } from "node:path";
import { HeddleError } from "../../util/heddle-error.js";
import type { PointPolicy } from "../sweep/point.js";
import { makeFolder } from "./make-folder.js";

/** The store cannot be used: it is damaged, or another process has it. */
export class StoreError extends HeddleError {
  override readonly name = "StoreError";
  readonly code = "HEDDLE_STORE";
}

export class StoreFolder {
  constructor(readonly path: string) {}

  get rows(): string {
    return join(this.path, "points.ndjson");
  }

  get lock(): string {
    return join(this.path, "lock");
  }

  get sweeps(): string {
    return join(this.path, "sweeps");
  }

  get finished(): string {
    return join(this.path, "finished");
  }

  get failed(): string {
    return join(this.path, "failed");
  }

  get results(): string {
    return join(this.path, "results");
  }

  policy({ name, digest }: PointPolicy): string {
    return join(this.path, "policies", digest, name);
  }

  manifest(name: string): string {
    return join(this.sweeps, `${name}.json`);
  }

  async create(): Promise<void> {
    for (const path of this.#parts) await makeFolder(path);
  }

  /** Takes back `create` where nothing was written since: folders that are not empty stay. */
  async removeEmpty(): Promise<void> {
    for (const path of [...this.#parts, this.path]) await rmdir(path).catch(() => undefined);
  }

  get #parts(): readonly string[] {
    return [this.sweeps, this.finished, this.failed, this.results];
  }
}
