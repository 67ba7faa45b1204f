/** What holds packets in a run that got stuck. */
import type { RunPlan } from "../plan/plan.js";
import { laneCount, portOfLane } from "./data-classes.js";
import type { CoreInstance } from "./instance.js";
import { Hold, PORT_BYTES, Port, Run } from "./layout.js";

/** A data class of an egress port, of a switch or NIC, that holds packets. */
export interface HoldingPort {
  /** Global port number. */
  readonly port: number;
  readonly dataClass: number;
  /** What stops the class: a pause by the device at the other end, or too little credit from there. */
  readonly heldBy: "pause" | "credit" | null;
  readonly queuedPackets: number;
  /** Egress ports of the device at the other end that hold packets of the class which came over this link. */
  readonly waitsFor: readonly number[];
}

/** What is left of an account (assembly/link/lanes.ts) without its data class. */
const LOCAL_PORT_MASK = 1023;

/** Ports with data that waits, and for which ports each of them waits. */
export function readHoldingPorts(core: CoreInstance, plan: RunPlan): HoldingPort[] {
  const { firstPort, deviceCount, peerPort } = plan.fabric;
  const ports = peerPort.length;
  const queued = new Uint32Array(laneCount(plan));
  /** Egress ports by the lane of the ingress port whose packets they hold. */
  const holders = new Map<number, Set<number>>();
  for (let d = 0; d < deviceCount; d++) {
    for (let egress = firstPort[d]!; egress < firstPort[d + 1]!; egress++) {
      for (let lane = egress; lane < queued.length; lane += ports) {
        for (const account of queuedAccounts(core, lane)) {
          queued[lane]!++;
          const ingress = lane - egress + firstPort[d]! + (account & LOCAL_PORT_MASK);
          const set = holders.get(ingress) ?? new Set();
          holders.set(ingress, set.add(egress));
        }
      }
    }
  }
  const holding: HoldingPort[] = [];
  for (let lane = 0; lane < queued.length; lane++) {
    const hold = core.memory.get(laneAddress(core, lane), Port.paused);
    if (queued[lane] === 0 && hold === Hold.None) continue;
    const heldBy = hold === Hold.None ? null : hold === Hold.Credit ? "credit" : "pause";
    const port = portOfLane(plan, lane);
    const waitsFor = [...(holders.get(lane - port + peerPort[port]!) ?? [])];
    holding.push({ port, dataClass: Math.floor(lane / ports), heldBy, queuedPackets: queued[lane]!, waitsFor });
  }
  return holding;
}

/** Accounts that the packets in a lane's queue are on. */
function* queuedAccounts(core: CoreInstance, lane: number): Generator<number> {
  const at = laneAddress(core, lane);
  const tail = core.memory.get(at, Port.dataTail);
  let record = core.memory.get(at, Port.dataHead);
  while (record !== 0) {
    yield core.memory.view.getUint32(record, true);
    if (record === tail) return;
    record = core.exports.recordAfter(record) >>> 0;
  }
}

function laneAddress(core: CoreInstance, lane: number): number {
  return core.memory.get(core.header, Run.ports) + lane * PORT_BYTES;
}
