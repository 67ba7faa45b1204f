import { viewPlan } from "../../src/answer/ideal/view.js";
import { Deliveries } from "../../src/answer/path/chunks.js";
import { criticalTiles, lastFlowOf } from "../../src/answer/path/critical-path.js";
import type { Tile } from "../../src/answer/path/tiles.js";
import type { Watch } from "../../src/engine/core/watch.js";
import { CoreRun } from "../../src/engine/run/run.js";
import type { Outcome } from "../../src/plan/outcome.js";
import type { RunPlan } from "../../src/plan/plan.js";
import type { OracleTile } from "../oracle/path.js";

export interface PathOfRun {
  readonly outcome: Outcome;
  /** Undefined where the run did not finish. */
  readonly tiles: readonly Tile[] | undefined;
  readonly digests: readonly string[];
}

/**
 * The critical path of a plan, with each of these numbers of threads. The runs agree, or this
 * throws.
 */
export async function pathOf(plan: RunPlan, threads = 1): Promise<PathOfRun> {
  const digests: string[] = [];
  let first: CoreRun | undefined;
  const run = async (watch: Watch) => {
    const core = await CoreRun.start(plan, { threads, watch });
    first ??= core;
    try {
      while (core.advance(1e5));
      const outcome = core.outcome();
      digests.push(core.digest(outcome));
      return outcome;
    } finally {
      await core.close();
    }
  };
  const outcome = await run({ kind: "deliveries" });
  const deliveries = new Deliveries(plan, (place) => first!.delivery(place));
  if (outcome.status !== "finished" || plan.flows.count === 0) return { outcome, tiles: undefined, digests };
  const tiles = await criticalTiles(
    viewPlan(plan),
    deliveries,
    lastFlowOf(plan, outcome),
    0,
    async (kind, slices, onRecord) => {
      await run({ kind, slices, onRecord });
    },
  );
  return { outcome, tiles, digests };
}

/** Tiles without what was sent meanwhile, neighbours with one cause as one. */
export function plain(tiles: readonly OracleTile[]): OracleTile[] {
  const result: OracleTile[] = [];
  for (const { fromPs, toPs, cause, flow, port, loss } of tiles) {
    const last = result.at(-1);
    const tile = { fromPs, toPs, cause, flow, port, ...(loss && { loss }) };
    const isAlike =
      last?.cause === cause &&
      last.flow === flow &&
      last.port === port &&
      last.loss?.port === loss?.port &&
      last.loss?.reason === loss?.reason;
    if (isAlike) result[result.length - 1] = { ...last, toPs };
    else result.push(tile);
  }
  return result;
}
