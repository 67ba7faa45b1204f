/** Reads the state of all links at the instant that a run stands at. */
import type { PortLoads } from "../../plan/loads.js";
import type { RunPlan } from "../../plan/plan.js";
import { laneCount, portOfLane } from "./data-classes.js";
import type { CoreInstance } from "./instance.js";
import { Hold, PORT_BYTES, PORTEXTRA_BYTES, Port, PortExtra, Run } from "./layout.js";
import { portNow } from "./port-now.js";

/**
 * In one pass over the ports, without what only results have.
 * @param nowPs everything before it has been simulated
 */
export function readLoads(core: CoreInstance, plan: RunPlan, nowPs: number): PortLoads {
  const { memory, header } = core;
  const ports = plan.fabric.peerPort.length;
  const [portsAt, extrasAt] = [memory.get(header, Run.ports), memory.get(header, Run.portExtras)];
  const loads = {
    nowPs,
    txBytes: new Float64Array(ports),
    waitingBytes: new Float64Array(ports),
    rateBps: new Float64Array(ports),
    isPaused: new Uint8Array(ports),
    waitsForCredit: new Uint8Array(ports),
    isDown: new Uint8Array(ports),
    dropped: new Float64Array(ports),
  };
  for (let lane = 0; lane < laneCount(plan); lane++) {
    const port = portOfLane(plan, lane);
    const [at, extra] = [portsAt + lane * PORT_BYTES, extrasAt + lane * PORTEXTRA_BYTES];
    const hold = memory.get(at, Port.paused);
    if (hold === Hold.Paused) loads.isPaused[port] = 1;
    if (hold === Hold.Credit) loads.waitsForCredit[port] = 1;
    loads.txBytes[port]! += memory.get(at, Port.txBytes);
    loads.dropped[port]! += memory.get(extra, PortExtra.droppedLinkDown) + memory.get(extra, PortExtra.droppedCrc);
    loads.dropped[plan.fabric.peerPort[port]!]! += memory.get(extra, PortExtra.droppedCongestion);
    if (lane >= ports) continue;
    // What waits is counted over all classes at the port itself.
    const { waitingBytes, rateBps } = portNow(memory, [at, extra], nowPs);
    loads.waitingBytes[port] = Math.round(waitingBytes);
    loads.rateBps[port] = rateBps;
    loads.isDown[port] = memory.get(extra, PortExtra.downAtPs) <= nowPs ? 1 : 0;
  }
  return loads;
}
