/** Sorts what was recorded of the flows of the path by its chunks. */

import { WatchKind } from "../../engine/core/layout.js";
import type { Slice, WatchRecord } from "../../engine/core/watch.js";
import { lowerBound } from "../../util/lower-bound.js";
import type { PathChunk } from "./chunks.js";

/** What was recorded of one chunk, in order of time. */
export interface ChunkRecords {
  readonly transmissions: WatchRecord[];
  readonly entries: WatchRecord[];
  readonly qp: WatchRecord[];
  /** Copies that the receiver refused before it accepted one. */
  readonly refusals: WatchRecord[];
}

/** What was recorded of a flow, whenever it was, in order of time. */
export interface FlowRecords {
  readonly losses: WatchRecord[];
  readonly turns: WatchRecord[];
}

/** What the core is to watch for these chunks. */
export function slicesOf(chunks: readonly PathChunk[]): Slice[] {
  return chunks.map(({ flow, allowedPs, deliveredPs, packet }) => ({
    item: flow,
    fromPs: allowedPs,
    toPs: deliveredPs,
    number: packet,
  }));
}

/** The records of a path. */
export class PathRecords {
  readonly #chunks = new Map<number, { readonly fromPs: number; readonly records: ChunkRecords }[]>();
  readonly #flows = new Map<number, FlowRecords>();
  readonly #records: readonly ChunkRecords[];

  constructor(chunks: readonly PathChunk[]) {
    this.#records = chunks.map(({ flow, allowedPs }) => {
      const records = { transmissions: [], entries: [], qp: [], refusals: [] };
      const ofFlow = this.#chunks.get(flow) ?? [];
      ofFlow.push({ fromPs: allowedPs, records });
      this.#chunks.set(flow, ofFlow);
      return records;
    });
    for (const [flow, ofFlow] of this.#chunks) {
      ofFlow.sort((a, b) => a.fromPs - b.fromPs);
      this.#flows.set(flow, { losses: [], turns: [] });
    }
  }

  readonly take = (record: WatchRecord): void => {
    if (record.kind === WatchKind.Loss) this.#flows.get(record.flow)!.losses.push(record);
    else if (record.kind === WatchKind.Turn) this.#flows.get(record.flow)!.turns.push(record);
    else this.#listFor(record).push(record);
  };

  #listFor({ flow, kind, startPs, endPs }: WatchRecord): WatchRecord[] {
    const ofFlow = this.#chunks.get(flow)!;
    // The last one that begins before the end, as the core finds it.
    const untilPs = Math.max(endPs, startPs + 1);
    const { records } = ofFlow[lowerBound(ofFlow.length, (i) => ofFlow[i]!.fromPs >= untilPs) - 1]!;
    if (kind === WatchKind.Transmission) return records.transmissions;
    if (kind === WatchKind.Refusal) return records.refusals;
    return kind === WatchKind.Entry ? records.entries : records.qp;
  }

  /** To be called when all records are there. */
  sort(): void {
    const byTime = (a: WatchRecord, b: WatchRecord) => a.startPs - b.startPs;
    for (const { transmissions, entries, qp } of this.#records) {
      for (const list of [transmissions, entries, qp]) list.sort(byTime);
    }
    for (const { losses, turns } of this.#flows.values()) for (const list of [losses, turns]) list.sort(byTime);
  }

  /** Of a chunk by its place in the path. */
  ofChunk(index: number): ChunkRecords {
    return this.#records[index]!;
  }

  ofFlow(flow: number): FlowRecords {
    return this.#flows.get(flow)!;
  }
}
