/**
 * The whole interface of the core. Everything else crosses through linear memory, by the layout of
 * memory/structs/.
 */
import { control, run } from "./memory/arena";
import { CHUNK_MASK, chunkAfter, RECORD_BYTES } from "./memory/chunks";

export { layOut } from "./run/lay-out";
export { advance, begin, work } from "./run/loop";
export { addThread, attach } from "./run/thread";
export { dismissOthers } from "./engine/barrier";
export { countResends, watchDeliveries, watchFor } from "./engine/watch";
export { fillDepths } from "./policy/host";
export { setFlowlets, setRouting } from "./run/reroute";
export { chunkSteps, endRepetitions } from "./statistics/repetitions";
export { imagesOf } from "./statistics/digest";
export { regrid } from "./fast-forward/regrid";
export { refresh, settle } from "./fast-forward/settle";

/** Address of the run's header. */
export function header(): usize {
  return changetype<usize>(run);
}

/** Address of the words that threads wait with. */
export function controlAddress(): usize {
  return changetype<usize>(control);
}

/** The record after `record` in a queue, for reading queues out of a run that got stuck. */
export function recordAfter(record: u32): u32 {
  const next = record + RECORD_BYTES;
  return (next & CHUNK_MASK) != 0 ? next : chunkAfter(record);
}
