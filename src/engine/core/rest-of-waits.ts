/** Who waits at lanes that are still held when a run ends (docs/MODEL.md §14). */
import { classOfFlow } from "../../plan/flows.js";
import type { RunPlan } from "../../plan/plan.js";
import { laneCount, portOfLane } from "./data-classes.js";
import type { CoreInstance } from "./instance.js";
import { Hold, MAX_HELD, NIC_BYTES, Nic, NO_FLOW, PORT_BYTES, Port, Run, WatchKind } from "./layout.js";
import { readHoldingPorts } from "./stuck.js";
import type { WatchRecord } from "./watch.js";

/**
 * Tells of the flows that wait at lanes that are held now, and of what holds those that lack
 * credit. The core does the same where waits end.
 */
export function tellRestOfWaits(core: CoreInstance, plan: RunPlan, atPs: number, tell: (record: WatchRecord) => void) {
  const { memory, header } = core;
  const ports = plan.fabric.peerPort.length;
  const nicOfPort = new Map(
    Array.from(plan.fabric.nics.port.subarray(0, plan.fabric.nics.count), (port, i) => [port, i]),
  );
  const record = (kind: WatchRecord["kind"], place: number, flow: number, number: number) =>
    tell({ kind, place, flow, number, detail: 1, startPs: atPs, endPs: atPs, takesPs: 0, state: 0 });
  for (let lane = 0; lane < laneCount(plan); lane++) {
    const at = memory.get(header, Run.ports) + lane * PORT_BYTES;
    if (memory.get(at, Port.paused) === Hold.None) continue;
    for (const flow of queuedFlows(core, at)) record(WatchKind.Held, lane, flow, 0);
    const nic = nicOfPort.get(portOfLane(plan, lane));
    if (nic === undefined) continue;
    for (const flow of sendableFlows(core, nic)) {
      if (classOfFlow(plan.flows, flow) === Math.floor(lane / ports)) record(WatchKind.Held, lane, flow, 0);
    }
  }
  for (const { port, dataClass, heldBy, holders } of readHoldingPorts(core, plan)) {
    if (heldBy !== "credit" || holders.size === 0) continue;
    const [holder] = [...holders].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]!;
    record(WatchKind.Holder, plan.fabric.peerPort[port]! + dataClass * ports, NO_FLOW, holder + dataClass * ports);
  }
}

/** Flows of the packets that wait first in a lane's queue. */
function* queuedFlows({ memory, exports }: CoreInstance, lane: number): Generator<number> {
  const tail = memory.get(lane, Port.dataTail);
  let at = memory.get(lane, Port.dataHead);
  for (let left = MAX_HELD; at !== 0 && left > 0; left--) {
    yield memory.view.getUint32(at + 8, true);
    at = at === tail ? 0 : exports.recordAfter(at) >>> 0;
  }
}

/** Flows of the first queue pairs of a NIC that could send. */
function* sendableFlows({ memory, header }: CoreInstance, nic: number): Generator<number> {
  const at = memory.get(header, Run.nics) + nic * NIC_BYTES;
  const bitmap = memory.get(at, Nic.sendable);
  const list = memory.get(at, Nic.sendList);
  let left = MAX_HELD;
  for (let i = 0; i < memory.get(at, Nic.sendCount) && left > 0; i++) {
    if (((memory.view.getUint8(bitmap + (i >> 3)) >> (i & 7)) & 1) === 0) continue;
    left -= 1;
    yield memory.view.getUint32(list + 4 * i, true);
  }
}
