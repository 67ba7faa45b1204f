import type { Fabric } from "../../plan/fabric.js";
import type { ClosTopology } from "../../scenario/types/scenario.js";

/**
 * A fabric whose rails nothing joins. What is for another rail of another node goes by PXN: over
 * the scale-up network to the GPU of the sender's node that is on the receiver's rail, and from
 * there over that rail.
 */
export function withRelays(fabric: Fabric, { gpusPerNode }: ClosTopology): Fabric {
  return {
    ...fabric,
    relayOf: (from, to) => {
      const isNear = Math.floor(from / gpusPerNode) === Math.floor(to / gpusPerNode);
      const gateway = from - (from % gpusPerNode) + (to % gpusPerNode);
      return isNear || gateway === from ? -1 : gateway;
    },
  };
}
