/** Tells of the packets that a lane was held with, where causes of waits are watched. */
import { watchHeld } from "../engine/watch";
import { nextRecord } from "../memory/chunks";
import { Port } from "../memory/structs/port";
import { MAX_HELD } from "../memory/structs/watch";
import { packetAt } from "../packet/record";
import { portNumber } from "./port";

/** Tells of the flows of the packets that wait in the lane's queue. */
export function tellHeld(lane: Port, nowPs: u64): void {
  const number = portNumber(lane);
  let last = u32.MAX_VALUE;
  let record = lane.dataHead;
  for (let left = MAX_HELD; record != 0 && left != 0; left--) {
    const flow = packetAt(record).flow;
    if (flow != last) watchHeld(number, flow, nowPs);
    last = flow;
    record = record == lane.dataTail ? 0 : nextRecord(record);
  }
}
