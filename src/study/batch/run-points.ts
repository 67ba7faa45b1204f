/** Points of a sweep to rows. */
import { join } from "node:path";
import type { ResultDocument } from "../../answer/result/document.js";
import { CapacityError, gibibytes } from "../../plan/capacity.js";
import { faultOf } from "../../util/heddle-error.js";
import { clearFailure, failedIds, type PointFailure, writeFailure } from "../store/failures.js";
import type { StoreFolder } from "../store/folder.js";
import { readPolicies } from "../store/policies.js";
import { writeAndRename } from "../store/whole-file.js";
import { type Manifest, ManifestError, type PlannedPoint } from "../sweep/manifest.js";
import { pointId, scenarioOfPoint } from "../sweep/point.js";
import { factsOf, type PointRow, type ResultFacts, rowOf } from "../sweep/row.js";
import { type BatchJob, type JobOutcome, runJobs } from "./batch.js";
import type { RunPool } from "./pool.js";
import type { BatchState } from "./progress.js";
import type { PostablePolicy } from "./task.js";

export interface RunPointsOptions {
  readonly memoryLimitBytes: number;
  readonly timeoutMs?: number;
  readonly retries?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (state: BatchState) => void;
  /** Keep whole results, too. */
  readonly keepResults?: boolean;
  /** Makes a row durable. */
  write(row: PointRow): Promise<void>;
}

/** Of a point that was simulated; the whole result where it is kept. */
interface Finished {
  readonly facts: ResultFacts;
  readonly result?: ResultDocument;
}

interface PointJob extends BatchJob {
  readonly point: PlannedPoint;
}

/**
 * Simulates points of a manifest; each row is durable before the next of its worker begins. Points
 * that fail are noted in the store.
 * @returns the failures
 * @throws StoreError where the file of a custom routing policy is not what was planned
 * @throws ManifestError where the manifest was changed after it was written
 */
export async function runPoints(
  folder: StoreFolder,
  manifest: Manifest,
  points: readonly PlannedPoint[],
  pool: RunPool,
  { write, keepResults = false, ...options }: RunPointsOptions,
): Promise<PointFailure[]> {
  const failures: PointFailure[] = [];
  const fail = async (failure: PointFailure) => {
    failures.push(failure);
    await writeFailure(folder, failure);
  };
  const { memoryLimitBytes } = options;
  const fits = ({ estimate }: PlannedPoint) => estimate.memoryBytes <= memoryLimitBytes;
  for (const { id, estimate } of points.filter((point) => !fits(point))) {
    const message = `it takes about ${gibibytes(estimate.memoryBytes)} of memory, more than the ${gibibytes(memoryLimitBytes)} there may be`;
    await fail({ id, ...faultOf(new CapacityError(message)), attempts: 0 });
  }
  const policies = await readPolicies(folder, points);
  const jobs = points.filter(fits).map((point) => jobOf(manifest, point, policies));
  const failedBefore = await failedIds(folder);
  const onEnd = async ({ id, point }: PointJob, outcome: JobOutcome<Finished>) => {
    if (outcome.kind === "failed") {
      await fail({ id, ...outcome.fault, attempts: outcome.attempts });
      return;
    }
    const { facts, result } = outcome.result;
    if (result !== undefined) {
      await writeAndRename(join(folder.results, `${id}.json`), `${JSON.stringify(result, null, 2)}\n`);
    }
    await write(rowOf(point, manifest, facts));
    if (failedBefore.has(id)) await clearFailure(folder, id);
  };
  await runJobs<PointJob, Finished>(pool, jobs, { ...options, onEnd }, async (scenario, how) => {
    if (!keepResults) return { facts: await pool.facts(scenario, how) };
    const result = await pool.simulate(scenario, how);
    return { facts: factsOf(result), result };
  });
  return failures;
}

/** The scenario is made when its turn comes. */
function jobOf(manifest: Manifest, point: PlannedPoint, policies: ReadonlyMap<string, PostablePolicy>): PointJob {
  const { id, estimate } = point;
  return {
    id,
    estimate,
    point,
    policy: point.policy && policies.get(point.policy.digest),
    get scenario() {
      const scenario = scenarioOfPoint(manifest, point);
      if (pointId(scenario, manifest) === id) return scenario;
      throw new ManifestError(
        `point ${id} of the sweep ${manifest.name} is not what was planned; plan the sweep again`,
      );
    },
  };
}
