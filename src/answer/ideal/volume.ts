import type { CollectiveRow, Crossing } from "../../plan/collectives.js";
import { type Boundary, cutsOf } from "./cuts.js";
import { extremes, farthestPs } from "./reach.js";
import type { PlanView } from "./view.js";

/**
 * A time, in ps, that no run of a collective of `sizeBytes` per rank can beat on this fabric,
 * whatever its algorithm and routing. What must cross a boundary stands in the row of the
 * collective. Ranks exchange elements and partial sums; switches only forward.
 *
 * **Volume of an all-reduce.** Take any partition of the ranks into `n` groups and count, for one
 * element, the messages between groups that carry it. Until the first group knows the sum, the
 * messages received must connect all groups: `n - 1` of them. The other `n - 1` groups must each
 * receive one more afterwards. So `2(n-1)` messages, and `2(n-1)·S` bytes over all elements, leave
 * groups and enter groups (Patarasuk and Yuan 2009, with groups for processes). Each group by
 * itself must send and receive `S` at least.
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
 * The bound is the largest over single GPUs (both NICs count together), nodes, leaves and pods, the
 * narrow cuts of a listed fabric (partitions.ts), and the time in which one
 * byte of rank 0 comes to the rank that is farthest from it.
 */
export function volumeBoundPs(
  view: PlanView,
  row: CollectiveRow,
  sizeBytes: number,
  reducesIn?: "scale-up" | "fabric",
): number {
  if (view.fabric.rankCount < 2) return 0;
  const bounds = cutsOf(view, extremes(view)).flatMap(({ level, groupCount, egress, ingress }) => {
    // Between nodes the switches of the scale-up networks have no part.
    const reduces = reducesIn === "fabric" || (reducesIn === "scale-up" && level === "gpu");
    const crossing = (whole: Crossing) => (reduces ? { ...whole, total: groupCount * whole.each } : whole);
    return [
      boundaryPs(view, egress, crossing(row.egress(groupCount)), sizeBytes),
      boundaryPs(view, ingress, crossing(row.ingress(groupCount)), sizeBytes),
    ];
  });
  return Math.max(row.needsAllRanks ? farthestPs(view) : 0, ...bounds);
}

function boundaryPs(view: PlanView, boundary: Boundary, crossing: Crossing, sizeBytes: number): number {
  const classCount = view.fabric.linkClasses.length;
  const total = new Float64Array(classCount);
  let largest = 0;
  for (let group = 0; group < boundary.headPs.length; group++) {
    const links = boundary.links.subarray(group * classCount, (group + 1) * classCount);
    const bytesPerPs = capacity(view, links);
    // A group that nothing can leave: no collective finishes, and no bound is needed.
    if (bytesPerPs === 0) return 0;
    largest = Math.max(
      largest,
      boundary.headPs[group]! + (crossing.each * sizeBytes) / bytesPerPs + boundary.tailPs[group]!,
    );
    links.forEach((count, linkClass) => {
      total[linkClass]! += count;
    });
  }
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
