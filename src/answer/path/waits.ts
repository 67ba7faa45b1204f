/** What a port did while the path waited there (docs/MODEL.md §13). */

import { PACKET, WatchKind } from "../../engine/core/layout.js";
import type { Slice, WatchRecord } from "../../engine/core/watch.js";
import type { RunPlan } from "../../plan/plan.js";
import { lowerBound } from "../../util/lower-bound.js";
import type { Behind, Tile, Wait } from "./tiles.js";

/** Frames, answers and notices: what is of no flow's data. */
const NO_DATA = -1;

/** What the core is to watch for these waits. */
export function portSlices(waits: readonly Wait[]): Slice[] {
  return waits.map(({ port, fromPs, toPs }) => ({ item: port, fromPs, toPs, number: 0 }));
}

interface PortRecords {
  readonly transmissions: WatchRecord[];
  /** Pauses and their ends, by lane. */
  readonly pauses: Map<number, WatchRecord[]>;
}

/** What was recorded of the ports that the path waits at. */
export class WaitRecords {
  readonly #ports = new Map<number, PortRecords>();
  readonly #portCount: number;

  constructor(private readonly plan: RunPlan) {
    this.#portCount = plan.fabric.peerPort.length;
  }

  readonly take = (record: WatchRecord): void => {
    const { kind, place } = record;
    const port = this.#at(place % this.#portCount);
    if (kind === WatchKind.Transmission) {
      port.transmissions.push(record);
      return;
    }
    const lane = port.pauses.get(place) ?? [];
    lane.push(record);
    port.pauses.set(place, lane);
  };

  #at(port: number): PortRecords {
    let records = this.#ports.get(port);
    if (records === undefined) {
      records = { transmissions: [], pauses: new Map() };
      this.#ports.set(port, records);
    }
    return records;
  }

  /** To be called when all records are there. */
  sort(): void {
    for (const { transmissions, pauses } of this.#ports.values()) {
      transmissions.sort((a, b) => a.startPs - b.startPs);
      for (const lane of pauses.values()) lane.sort((a, b) => a.startPs - b.startPs);
    }
  }

  /** The causes of a wait, stretch by stretch. */
  tilesOf(wait: Wait): Tile[] {
    const { fromPs, toPs, port, flow, dataClass } = wait;
    const { transmissions, pauses } = this.#at(port);
    const lane = pauses.get(port + dataClass * this.#portCount) ?? [];
    const tiles: Tile[] = [];
    const idle = this.isOnCredit(port) ? "credit" : "unknown";
    let atPs = fromPs;
    let next = firstEndingAfter(transmissions, fromPs);
    while (atPs < toPs) {
      const { paused, untilPs } = pausedAt(lane, atPs);
      while (next < transmissions.length && transmissions[next]!.endPs <= atPs) next += 1;
      const sending = transmissions[next];
      const endPs = Math.min(toPs, untilPs);
      if (paused) {
        push(tiles, { fromPs: atPs, toPs: endPs, cause: "pause", flow, port });
        atPs = endPs;
      } else if (sending !== undefined && sending.startPs <= atPs) {
        const upToPs = Math.min(endPs, sending.endPs);
        const behind = [{ flow: dataFlow(sending), ps: upToPs - atPs }];
        push(tiles, { fromPs: atPs, toPs: upToPs, cause: "queueing", flow, port, behind });
        atPs = upToPs;
      } else {
        const upToPs = Math.min(endPs, sending?.startPs ?? endPs);
        push(tiles, { fromPs: atPs, toPs: upToPs, cause: idle, flow, port });
        atPs = upToPs;
      }
    }
    return tiles;
  }

  private isOnCredit(port: number): boolean {
    const { fabric, flowControl } = this.plan;
    const { credit } = flowControl;
    return (credit?.bufferBlocks[fabric.peerPort[port]!] ?? 0) > 0;
  }
}

/** Whether the lane is paused at an instant, and until when that stays as it is. */
function pausedAt(lane: readonly WatchRecord[], atPs: number): { paused: boolean; untilPs: number } {
  const next = lowerBound(lane.length, (i) => lane[i]!.startPs > atPs);
  return { paused: lane[next - 1]?.kind === WatchKind.Pause, untilPs: lane[next]?.startPs ?? Number.POSITIVE_INFINITY };
}

function firstEndingAfter(transmissions: readonly WatchRecord[], ps: number): number {
  return lowerBound(transmissions.length, (i) => transmissions[i]!.endPs > ps);
}

function dataFlow({ flow, detail }: WatchRecord): number {
  return detail === PACKET.DATA && flow !== 0xffffffff ? flow : NO_DATA;
}

/** Adds a tile, to the last one where that has the same cause. */
function push(tiles: Tile[], tile: Tile): void {
  const last = tiles.at(-1);
  if (last === undefined || last.cause !== tile.cause) {
    tiles.push(tile);
    return;
  }
  tiles[tiles.length - 1] = {
    ...last,
    toPs: tile.toPs,
    ...(last.behind && tile.behind && { behind: together([...last.behind, ...tile.behind]) }),
  };
}

/** Sums by flow, the longest first. */
export function together(behind: readonly Behind[]): Behind[] {
  const byFlow = new Map<number, number>();
  for (const { flow, ps } of behind) byFlow.set(flow, (byFlow.get(flow) ?? 0) + ps);
  return [...byFlow].map(([flow, ps]) => ({ flow, ps })).sort((a, b) => b.ps - a.ps || a.flow - b.flow);
}
