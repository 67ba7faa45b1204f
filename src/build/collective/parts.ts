/**
 * The parts of the flows of a schedule: a queue pair each, on its NICs. A flow has as many for each
 * way between its ranks. One that is passed on has two legs, each with parts of its own.
 */
import type { Fabric } from "../../plan/fabric.js";
import type { RankLayout } from "../ranks.js";
import { chosenWays } from "./chosen-nics.js";
import { placeMembers } from "./members.js";
import type { Schedule } from "./schedule.js";

export interface Parts {
  /** Parts of flow `f` are `first[f] … first[f + 1] - 1`. */
  readonly first: Uint32Array;
  /** Those that deliver it come last: `last[f] … first[f + 1] - 1`. Others take it to the relay. */
  readonly last: Uint32Array;
  /** By part. */
  readonly ofFlow: Uint32Array;
  readonly srcNic: Uint32Array;
  readonly dstNic: Uint32Array;
  readonly chunkBytes: Float64Array;
}

/**
 * Over the fabric each way has `qpsPerConnection` queue pairs; one that would get no packet is left
 * out.
 */
export function partsOf(schedule: Schedule, layout: RankLayout, fabric: Fabric, qpsPerConnection: number): Parts {
  const { nics, portClass, linkClasses } = fabric;
  const memberNic = placeMembers(schedule, layout);
  const chosen = chosenWays(schedule, layout, fabric);
  const mtuOf = (nic: number) => linkClasses[portClass[nics.port[nic]!]!]!.mtuBytes;
  const legs = (flow: number): Leg[] => {
    const member = memberNic(flow);
    const bytes = schedule.chunkBytes[flow]!;
    if (member >= 0) return [{ ways: [{ src: member, dst: member }], parts: 1, bytes, mtuBytes: mtuOf(member) }];
    const [src, dst] = [schedule.src[flow]!, schedule.dst[flow]!];
    const relay = layout.relayOf(src, dst);
    const stops = relay < 0 ? [src, dst] : [src, relay, dst];
    return stops.slice(1).map((to, i) => {
      const ways = chosen(flow) ?? layout.waysOf(stops[i]!, to);
      const first = ways[0]!.src;
      const qps = ways.length * (nics.isScaleUp[first] === 1 ? 1 : qpsPerConnection);
      const mtuBytes = mtuOf(first);
      return { ways, parts: Math.min(qps, Math.ceil(bytes / mtuBytes)), bytes, mtuBytes };
    });
  };
  const first = new Uint32Array(schedule.count + 1);
  for (let flow = 0; flow < schedule.count; flow++) {
    first[flow + 1] = first[flow]! + legs(flow).reduce((sum, { parts }) => sum + parts, 0);
  }
  const count = first[schedule.count]!;
  const parts = {
    first,
    last: first.slice(0, schedule.count),
    ofFlow: new Uint32Array(count),
    srcNic: new Uint32Array(count),
    dstNic: new Uint32Array(count),
    chunkBytes: new Float64Array(count),
  };
  for (let flow = 0; flow < schedule.count; flow++) {
    parts.ofFlow.fill(flow, first[flow]!, first[flow + 1]!);
    let at = first[flow]!;
    for (const leg of legs(flow)) {
      parts.last[flow] = at;
      splitChunk(leg, parts.chunkBytes, at, at + leg.parts);
      for (let i = 0; i < leg.parts; i++) {
        const { src, dst } = leg.ways[i % leg.ways.length]!;
        parts.srcNic[at + i] = src;
        parts.dstNic[at + i] = dst;
      }
      at += leg.parts;
    }
  }
  return parts;
}

/** From one rank to the next. */
interface Leg {
  readonly ways: readonly { readonly src: number; readonly dst: number }[];
  readonly parts: number;
  /** Of a chunk. */
  readonly bytes: number;
  readonly mtuBytes: number;
}

/**
 * Writes the shares of a chunk to `shares[first … end - 1]`: whole packets, as even as they can be,
 * the larger shares first; the last one has the short packet. In place, since there may be
 * millions.
 */
function splitChunk({ bytes, mtuBytes }: Leg, shares: Float64Array, first: number, end: number): void {
  const packets = Math.ceil(bytes / mtuBytes);
  const least = Math.floor(packets / (end - first));
  const larger = packets % (end - first);
  let left = bytes;
  for (let i = first; i < end; i++) {
    const share = Math.min(left, (least + (i - first < larger ? 1 : 0)) * mtuBytes);
    shares[i] = share;
    left -= share;
  }
}
