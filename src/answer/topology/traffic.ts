/** Who talks to whom in a workload: how near, and over which rails. */
import { NONE } from "../../plan/reduction.js";
import type { PlanView } from "../ideal/view.js";
import type { Places } from "./places.js";

/** `scale-up` inside of a node, by its own network; `switches` where switches add up and copy. */
export type Locality = "scale-up" | "same leaf" | "same pod" | "across" | "switches";

/** The traffic of a workload at one distance. */
export interface TrafficClass {
  readonly locality: Locality;
  /** Payload that ranks send. */
  readonly bytes: number;
  /** Ordered pairs of ranks; members where switches reduce. */
  readonly pairs: number;
}

/** Which pairs of ranks talk, and how far their traffic goes. */
export interface TrafficReport {
  /** Payload that ranks send, all flows and all operations, each counted once. */
  readonly bytes: number;
  /** Ordered pairs of ranks that talk, of all that there are. */
  readonly talkingPairs: number;
  readonly allPairs: number;
  /** Those that there are, from the nearest. */
  readonly localities: readonly TrafficClass[];
  /**
   * Of what goes over the scale-out fabric: between NICs of one rail, and of two. Null in a fabric
   * without rails.
   */
  readonly rails: { readonly count: number; readonly sameBytes: number; readonly crossBytes: number } | null;
}

const ORDER: readonly Locality[] = ["scale-up", "same leaf", "same pod", "across", "switches"];

/** The flows of a plan, summed by how near their ends are. */
export function trafficOf(view: PlanView, places: Places): TrafficReport {
  const { flows, reduction } = view.plan;
  const { nics, rankCount } = view.fabric;
  const bytes = new Float64Array(ORDER.length);
  const rails = { count: places.railCount, sameBytes: 0, crossBytes: 0 };
  const keys = new Float64Array(flows.count);
  for (let flow = 0; flow < flows.count; flow++) {
    const [from, to] = [flows.srcNic[flow]!, flows.dstNic[flow]!];
    const [src, dst] = [nics.rank[from]!, nics.rank[to]!];
    const isReduced = (reduction?.operationOf[flow] ?? NONE) !== NONE;
    const locality = isReduced ? 4 : localityOf(view, places, from, to);
    const sent = flows.chunkBytes[flow]! * flows.chunks[flow]!;
    bytes[locality]! += sent;
    keys[flow] = (locality * rankCount + src) * rankCount + (isReduced ? src : dst);
    if (locality >= 1 && locality <= 3 && rails.count > 0) {
      const [a, b] = [places.switchOfNic[from]!, places.switchOfNic[to]!];
      if (places.railOfSwitch[a] === places.railOfSwitch[b]) rails.sameBytes += sent;
      else rails.crossBytes += sent;
    }
  }
  const { byLocality, talkingPairs } = countPairs(keys, rankCount);
  return {
    bytes: bytes.reduce((sum, part) => sum + part, 0),
    talkingPairs,
    allPairs: rankCount * (rankCount - 1),
    localities: ORDER.map((locality, i) => ({ locality, bytes: bytes[i]!, pairs: byLocality[i]! })).filter(
      ({ pairs }) => pairs > 0,
    ),
    rails: rails.count > 0 ? rails : null,
  };
}

/** Place in `ORDER`. */
function localityOf({ fabric: { nics } }: PlanView, places: Places, from: number, to: number): number {
  if (nics.isScaleUp[from] === 1) return 0;
  const [a, b] = [places.switchOfNic[from]!, places.switchOfNic[to]!];
  if (a === b && a >= 0) return 1;
  const pods = [from, to].map((nic) => places.podOfRank[nics.rank[nic]!]);
  return places.podCount > 1 && pods[0] === pods[1] ? 2 : 3;
}

/** Different keys by locality, and different pairs of ranks over all but `switches`. */
function countPairs(keys: Float64Array, rankCount: number) {
  keys.sort();
  const byLocality = new Float64Array(ORDER.length);
  const perLocality = rankCount * rankCount;
  const pairs = new Float64Array(keys.length);
  let found = 0;
  keys.forEach((key, i) => {
    if (i > 0 && keys[i - 1] === key) return;
    const locality = Math.floor(key / perLocality);
    byLocality[locality]! += 1;
    if (ORDER[locality] !== "switches") pairs[found++] = key % perLocality;
  });
  const sorted = pairs.subarray(0, found).sort();
  let talkingPairs = 0;
  sorted.forEach((pair, i) => {
    if (i === 0 || sorted[i - 1] !== pair) talkingPairs += 1;
  });
  return { byLocality, talkingPairs };
}
