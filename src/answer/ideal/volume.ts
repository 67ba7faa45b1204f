import type { CollectiveRow } from "../../plan/collectives.js";
import type { Crossing, Groups, Task } from "../../plan/crossings.js";
import { type Boundary, type Cut, cutBetween, cutsOf } from "./cuts.js";
import { extremes, farthestPs } from "./reach.js";
import type { PlanView } from "./view.js";

/**
 * A time, in ps, that no run of a collective can beat on this fabric, whatever its algorithm and
 * routing. What must cross a boundary stands in the row of the collective, and its proofs in
 * `src/plan/crossings.ts`. Ranks exchange elements and partial sums; switches only forward.
 *
 * **Switches that reduce.** Where they add up and copy what comes, only what each group has by
 * itself is left: it sends what others lack of it, for an all-reduce its own sum, and receives what
 * it lacks. Over `n` groups that is `n·S` bytes, each way. Switches of scale-up networks belong to
 * their nodes: nodes exchange what they would without them.
 *
 * **Time.** A link carries at most one byte of payload per `psPerPayloadByte`: full packets,
 * headers and gaps counted. No link of the boundary starts before the least `head` and after its
 * last packet there is the least `tail` to come, so `T >= head + bytes / capacity + tail`. With
 * equal groups of capacity C this is `2(n-1)/n · S / C`.
 *
 * The bound is the largest over single GPUs (both NICs count together), nodes, leaves and pods, and
 * the narrow cuts of a listed fabric (partitions.ts). Where all results depend on the buffer of one
 * rank, there is one more: the time in which one byte of it comes to the farthest rank.
 */
export function volumeBoundPs(
  view: PlanView,
  row: CollectiveRow,
  task: Task,
  { times = 1, members, reducesIn }: VolumeOptions = {},
): number {
  if ((members?.length ?? view.fabric.rankCount) < 2) return 0;
  const bounds = cutsOf(view, extremes(view)).flatMap((cut) => {
    const part = members === undefined ? cut : cutBetween(cut, members);
    if (part.groupCount < 2) return [];
    const crossing = row.crossing(groupsOf(part), task);
    // Between nodes the switches of the scale-up networks have no part.
    const reduces = reducesIn === "fabric" || (reducesIn === "scale-up" && cut.level === "gpu");
    const [egress, ingress] = reduces
      ? [alone(crossing.egress), alone(crossing.ingress)]
      : [crossing.egress, crossing.ingress];
    return [
      boundaryPs(view, part.egress, egress, times * task.sizeBytes),
      boundaryPs(view, part.ingress, ingress, times * task.sizeBytes),
    ];
  });
  const from = row.news === "root" ? task.root : 0;
  const newsPs = row.news === null ? 0 : farthestPs(view, members?.[from] ?? from, members);
  return Math.max(newsPs, ...bounds);
}

export interface VolumeOptions {
  /** How often the collective is done: that many times the volume. */
  readonly times?: number;
  /**
   * Ranks that the collective is over, in its order; all where left out. Groups without any of them
   * neither send nor receive.
   */
  readonly members?: readonly number[] | undefined;
  /** Switches that reduce and copy; left out where they only forward. */
  readonly reducesIn?: "scale-up" | "fabric" | undefined;
}

/** What is left where switches reduce and copy: that of each group by itself. */
function alone({ each }: Crossing): Crossing {
  return { total: each.reduce((sum, one) => sum + one, 0), each };
}

function groupsOf({ groupCount, groupOfRank }: Cut): Groups {
  const ranksIn = new Float64Array(groupCount);
  for (const group of groupOfRank) ranksIn[group]! += 1;
  return { count: groupCount, groupOfRank, ranksIn };
}

function boundaryPs(view: PlanView, boundary: Boundary, crossing: Crossing, sizeBytes: number): number {
  const classCount = view.fabric.linkClasses.length;
  const total = new Float64Array(classCount);
  let largest = 0;
  for (let group = 0; group < boundary.headPs.length; group++) {
    const links = boundary.links.subarray(group * classCount, (group + 1) * classCount);
    const bytesPerPs = capacity(view, links);
    const bytes = crossing.each[group]! * sizeBytes;
    // A group that nothing can leave: no collective finishes, and no bound is needed.
    if (bytesPerPs === 0) return 0;
    if (bytes > 0) {
      largest = Math.max(largest, boundary.headPs[group]! + bytes / bytesPerPs + boundary.tailPs[group]!);
    }
    links.forEach((count, linkClass) => {
      total[linkClass]! += count;
    });
  }
  if (crossing.total === 0) return largest;
  const busyPs = (crossing.total * sizeBytes) / capacity(view, total);
  return Math.max(largest, least(boundary.headPs) + busyPs + least(boundary.tailPs));
}

/** Payload bytes per ps of some links, counted by class. */
function capacity(view: PlanView, links: ArrayLike<number>): number {
  let bytesPerPs = 0;
  for (let linkClass = 0; linkClass < links.length; linkClass++) {
    if (links[linkClass]! > 0) bytesPerPs += links[linkClass]! / view.wires.psPerPayloadByte(linkClass);
  }
  return bytesPerPs;
}

function least(values: Float64Array): number {
  return values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}
