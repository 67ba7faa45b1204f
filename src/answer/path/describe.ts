/** Makes of the tiles of a critical path what the result document says of it. */
import { type PlanView, switchAt } from "../ideal/view.js";
import { linkName } from "../text/names.js";
import type { CriticalPath, LossPlace, PathSegment } from "./document.js";
import { sentenceOf } from "./sentences.js";
import type { Tile } from "./tiles.js";

const SEGMENTS_MAX = 10_000;
const PLACES_MAX = 10;
const BEHIND_MAX = 5;

/**
 * @param tiles Of the whole path, without gaps.
 * @param logicalOf By flow of the plan: flow of the workload, where that is another.
 */
export function criticalPathOf(view: PlanView, tiles: readonly Tile[], logicalOf?: ArrayLike<number>): CriticalPath {
  const totalPs = tiles.reduce((sum, tile) => sum + lengthPs(tile), 0);
  const share = (ps: number) => (totalPs === 0 ? 0 : ps / totalPs);
  const name = (flow: number) => logicalOf?.[flow] ?? flow;
  const longest = tiles.length <= SEGMENTS_MAX ? 0 : thresholdOf(tiles);
  const listed = tiles.filter((tile) => lengthPs(tile) >= longest).slice(0, SEGMENTS_MAX);
  const places = placesOf(view, tiles);
  const byCause = sumBy(tiles, ({ cause }) => cause);
  const byFlow = sumBy(tiles, ({ flow }) => flow);
  const { flows, fabric } = view.plan;
  return {
    segments: listed.map((tile) => segmentOf(view, tile, name)),
    ...(listed.length < tiles.length && { segmentsLeftOut: tiles.length - listed.length }),
    shares: byCause.map(({ key: cause, ps }) => {
      const worst = places.find((place) => place.cause === cause)!;
      const said = sentenceOf(view, cause, tiles, { ...worst, share: share(worst.ps) }, name);
      return { cause, ns: ps / 1000, share: share(ps), where: worst.where, ...said };
    }),
    places: places.slice(0, PLACES_MAX).map(({ cause, where, ps, loss }) => ({
      cause,
      where,
      ns: ps / 1000,
      share: share(ps),
      ...(loss && { loss }),
    })),
    flows: byFlow.slice(0, PLACES_MAX).map(({ key, ps }) => ({
      flow: name(key),
      src: fabric.nics.rank[flows.srcNic[key]!]!,
      dst: fabric.nics.rank[flows.dstNic[key]!]!,
      ns: ps / 1000,
      share: share(ps),
    })),
  };
}

function lengthPs({ fromPs, toPs }: Tile): number {
  return toPs - fromPs;
}

/** Sums of lengths, the largest first. */
function sumBy<K extends string | number>(tiles: readonly Tile[], keyOf: (tile: Tile) => K): { key: K; ps: number }[] {
  const sums = new Map<K, number>();
  for (const tile of tiles) sums.set(keyOf(tile), (sums.get(keyOf(tile)) ?? 0) + lengthPs(tile));
  return [...sums].map(([key, ps]) => ({ key, ps })).sort((a, b) => b.ps - a.ps);
}

/** The length from which on segments are listed. */
function thresholdOf(tiles: readonly Tile[]): number {
  return Float64Array.from(tiles, lengthPs).sort().at(-SEGMENTS_MAX)!;
}

function placesOf(view: PlanView, tiles: readonly Tile[]) {
  const keyOf = ({ cause, port, loss }: Tile) => `${cause} ${port} ${loss?.port} ${loss?.reason}`;
  const samples = new Map(tiles.map((tile) => [keyOf(tile), tile]));
  return sumBy(tiles, keyOf).map(({ key, ps }) => {
    const tile = samples.get(key)!;
    const loss = lossOf(view, tile);
    return { cause: tile.cause, where: placeOf(view, tile), port: tile.port, ps, ...(loss && { loss }) };
  });
}

function segmentOf(view: PlanView, tile: Tile, name: (flow: number) => number): PathSegment {
  const { fabric, flows } = view.plan;
  const nic = view.nicOfPort[tile.port]!;
  const loss = lossOf(view, tile);
  return {
    fromNs: tile.fromPs / 1000,
    toNs: tile.toPs / 1000,
    rank: fabric.nics.rank[nic >= 0 ? nic : flows.srcNic[tile.flow]!]!,
    kind: tile.cause,
    where: placeOf(view, tile),
    flow: name(tile.flow),
    ...(tile.behind && {
      behind: tile.behind
        .slice(0, BEHIND_MAX)
        .map(({ flow, ps }) => ({ flow: flow < 0 ? null : name(flow), ns: ps / 1000 })),
    }),
    ...(loss && { loss }),
  };
}

function lossOf(view: PlanView, { loss }: Tile): LossPlace | undefined {
  return loss && { where: linkName(view, loss.port), reason: loss.reason };
}

/** Name of the link, switch or rank where a tile is. */
function placeOf(view: PlanView, { cause, port }: Tile): string {
  const { fabric, deviceOfPort, nicOfPort } = view;
  if (cause === "switch") return fabric.deviceName(deviceOfPort[port]!);
  const isOfRank = cause === "nic" || cause === "stall" || cause === "compute" || cause === "start";
  if (isOfRank && switchAt(view, port) < 0) return fabric.rankName(fabric.nics.rank[nicOfPort[port]!]!);
  return linkName(view, port);
}
