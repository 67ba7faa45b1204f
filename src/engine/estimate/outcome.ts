/** What a result takes beside the core: the outcome, and what bounds and causes are found with. */
import type { RunPlan } from "../../plan/plan.js";

/** Columns of `Outcome.ports`, of 8 bytes each: what `readPorts` returns. */
const PORT_COLUMNS = 16;
/** Finish, acknowledgement and start, of 8 bytes each, and a count of chunks. */
const FLOW_BYTES = 28;
/** The outcome as it was read, and once more relative to the job's start. */
const COPIES = 2;
/** Bounds of a flow: its times on an empty network, an object, without and with its window. */
const TIMES_BYTES = 2 * 64;
/** Columns of 8 bytes for the bounds by capacity and by dependencies. */
const BOUND_COLUMNS = 6;

/** Bytes of an outcome and of what its result is made with, for all ports and flows of the plan. */
export function outcomeBytes({ flows, fabric }: RunPlan): number {
  const perPort = COPIES * PORT_COLUMNS * 8;
  const perFlow = COPIES * FLOW_BYTES + TIMES_BYTES + BOUND_COLUMNS * 8;
  return perPort * fabric.peerPort.length + perFlow * flows.count;
}
