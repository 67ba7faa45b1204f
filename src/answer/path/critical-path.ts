/**
 * The critical path of a run that has finished (docs/MODEL.md §13). A run is repeated twice: once
 * to follow the packets of the path, once to look at the ports that they waited at. Runs are
 * deterministic, so all three are the same.
 */
import type { Slice, WatchRecord } from "../../engine/core/watch.js";
import { delayOfFlow, isMeasured, jobOfFlow } from "../../plan/flows.js";
import type { Outcome } from "../../plan/outcome.js";
import type { RunPlan } from "../../plan/plan.js";
import type { PlanView } from "../ideal/view.js";
import { PathRecords, slicesOf } from "./by-chunk.js";
import { chunksOfPath, type Deliveries, type PathChunk } from "./chunks.js";
import { addJourney, hopsOf } from "./journey.js";
import { addQueuePair } from "./queue-pair.js";
import { isWait, type Tile, TileList, type Wait } from "./tiles.js";
import { portSlices, together, WaitRecords } from "./waits.js";

/** Runs the plan once more, and records. */
export type Rerun = (
  kind: "flows" | "ports",
  slices: readonly Slice[],
  onRecord: (record: WatchRecord) => void,
) => Promise<void>;

/**
 * The tiles of the path, from the start of the job to the last delivery, without gaps.
 * @param startPs The start of the job.
 */
export async function criticalTiles(
  view: PlanView,
  deliveries: Deliveries,
  lastFlow: number,
  startPs: number,
  rerun: Rerun,
): Promise<Tile[]> {
  const { plan } = view;
  const chunks = chunksOfPath(plan, deliveries, lastFlow);
  const records = new PathRecords(chunks);
  await rerun("flows", slicesOf(chunks), records.take);
  records.sort();
  const parts = chunks.map((chunk, i) => tilesOfChunk(view, chunk, records, i, startPs)).reverse();
  const tiles = parts.flat();
  const waits = tiles.filter(isWait);
  const ports = new WaitRecords(plan);
  if (waits.length > 0) await rerun("ports", portSlices(waits), ports.take);
  ports.sort();
  const known = tiles.flatMap((tile) => (isWait(tile) ? ports.tilesOf(tile) : [tile]));
  return joined(known.filter(({ toPs }) => toPs > startPs).map((tile) => clipped(tile, startPs)));
}

/** The flow whose last delivery ends the run, of those that it measures; -1 where there is none. */
export function lastFlowOf({ flows }: RunPlan, { finishPs }: Outcome): number {
  let last = -1;
  for (let flow = 0; flow < flows.count; flow++) {
    if (!isMeasured(jobOfFlow(flows, flow))) continue;
    if (last < 0 || finishPs[flow]! > finishPs[last]!) last = flow;
  }
  return last;
}

/** From the delivery that the chunk waited for, or the start of the job, to its own. */
function tilesOfChunk(
  view: PlanView,
  chunk: PathChunk,
  records: PathRecords,
  index: number,
  startPs: number,
): (Tile | Wait)[] {
  const { flows, fabric } = view.plan;
  const { flow, postedPs, allowedPs, deliveredPs, isFirst } = chunk;
  const port = fabric.nics.port[flows.srcNic[flow]!]!;
  const tiles = new TileList(isFirst ? startPs : postedPs);
  if (isFirst) tiles.add(postedPs, { cause: "start", flow, port });
  else tiles.add(postedPs + delayOfFlow(flows, flow), { cause: "compute", flow, port });
  tiles.add(allowedPs, { cause: "nic", flow, port });
  const ofChunk = records.ofChunk(index);
  const history = records.ofFlow(flow);
  const hops = hopsOf(view, chunk, ofChunk, history.losses);
  if (hops !== undefined) {
    addQueuePair(view, chunk, ofChunk, history, hops[0]!.transmission.startPs, tiles);
    addJourney(view, chunk, hops, tiles);
  }
  tiles.add(deliveredPs, { cause: "unknown", flow, port });
  return tiles.tiles;
}

function clipped(tile: Tile, startPs: number): Tile {
  return tile.fromPs >= startPs ? tile : { ...tile, fromPs: startPs };
}

/** Neighbours with the same cause at the same place as one. */
function joined(tiles: readonly Tile[]): Tile[] {
  const result: Tile[] = [];
  for (const tile of tiles) {
    const last = result.at(-1);
    if (last === undefined || !isAlike(last, tile)) {
      result.push(tile);
      continue;
    }
    const behind = last.behind && tile.behind && { behind: together([...last.behind, ...tile.behind]) };
    result[result.length - 1] = { ...last, toPs: tile.toPs, ...behind };
  }
  return result;
}

function isAlike(a: Tile, b: Tile): boolean {
  return (
    a.cause === b.cause &&
    a.flow === b.flow &&
    a.port === b.port &&
    a.loss?.port === b.loss?.port &&
    a.loss?.reason === b.loss?.reason
  );
}
