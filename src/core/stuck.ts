/** What holds packets in a run that got stuck. */
import type { RunPlan } from "../plan/plan.js";
import type { CoreInstance } from "./instance.js";
import { Hold, PORT_BYTES, Port, Run } from "./layout.js";

/** An egress port of a switch or NIC that holds packets of the data class. */
export interface HoldingPort {
  /** Global port number. */
  readonly port: number;
  /** What stops its data class: a pause by the device at the other end, or too little credit from there. */
  readonly heldBy: "pause" | "credit" | null;
  readonly queuedPackets: number;
  /** Egress ports of the device at the other end that hold packets which came over this link. */
  readonly waitsFor: readonly number[];
}

/** Ports with data that waits, and for which ports each of them waits. */
export function readHoldingPorts(core: CoreInstance, plan: RunPlan): HoldingPort[] {
  const { firstPort, deviceCount, peerPort } = plan.fabric;
  const queued = new Uint32Array(peerPort.length);
  /** Egress ports by the ingress port whose packets they hold. */
  const holders = new Map<number, Set<number>>();
  for (let d = 0; d < deviceCount; d++) {
    for (let egress = firstPort[d]!; egress < firstPort[d + 1]!; egress++) {
      for (const account of queuedAccounts(core, egress)) {
        queued[egress]!++;
        const ingress = firstPort[d]! + account;
        const set = holders.get(ingress) ?? new Set();
        holders.set(ingress, set.add(egress));
      }
    }
  }
  const holding: HoldingPort[] = [];
  for (let port = 0; port < peerPort.length; port++) {
    const hold = core.memory.get(portAddress(core, port), Port.paused);
    if (queued[port] === 0 && hold === Hold.None) continue;
    const heldBy = hold === Hold.None ? null : hold === Hold.Credit ? "credit" : "pause";
    const waitsFor = [...(holders.get(peerPort[port]!) ?? [])];
    holding.push({ port, heldBy, queuedPackets: queued[port]!, waitsFor });
  }
  return holding;
}

/** Local ports on whose accounts the packets in a port's data queue are. */
function* queuedAccounts(core: CoreInstance, port: number): Generator<number> {
  const at = portAddress(core, port);
  const tail = core.memory.get(at, Port.dataTail);
  let record = core.memory.get(at, Port.dataHead);
  while (record !== 0) {
    yield core.memory.view.getUint32(record, true);
    if (record === tail) return;
    record = core.exports.recordAfter(record) >>> 0;
  }
}

function portAddress(core: CoreInstance, port: number): number {
  return core.memory.get(core.header, Run.ports) + port * PORT_BYTES;
}
