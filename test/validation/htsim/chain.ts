/**
 * Ring all-reduce whose steps are chained at the sender: a step's last ACK starts the next rank's
 * step in the same instant.
 */
import { mean } from "../statistics.js";
import { type FlowTimes, HTSIM, type HtsimCase, timesOf } from "./case.js";

/** 2(n - 1) steps. */
const STEPS = 30;

/**
 * When the flows of all chains end, added up from the times that the ring's edges take by
 * themselves.
 */
export async function chainTimes(one: HtsimCase): Promise<FlowTimes> {
  const { hosts } = HTSIM.fabrics[one.fabric]!;
  const edgesUs = await timesOf({ ...one, shift: 1 }, 1);
  const endsUs: number[] = [];
  for (let first = 0; first < hosts; first++) {
    let endUs = 0;
    for (let step = 0; step < STEPS; step++) {
      endUs += edgesUs[(first + step) % hosts]!;
      endsUs.push(endUs);
    }
  }
  return { min: Math.min(...endsUs), mean: mean(endsUs), max: Math.max(...endsUs) };
}
