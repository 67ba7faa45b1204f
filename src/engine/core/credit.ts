/** What the core keeps of credit on links. */
import type { RunPlan } from "../../plan/plan.js";
import { laneCount, portOfLane } from "./data-classes.js";
import type { CoreInstance } from "./instance.js";
import { Hold, LINKCREDIT_BYTES, LinkCredit, PORT_BYTES, Port, PortFlag, Run } from "./layout.js";
import type { CoreMemory } from "./memory.js";

/** The header's fields. */
export function creditHeader({ flowControl: { credit } }: RunPlan) {
  return { creditBlockBytes: credit?.blockBytes ?? 0, creditWireBytes: credit?.updateBytes ?? 0 };
}

/** Bytes of the records of all ports and data classes. */
export function creditBytes(plan: RunPlan): number {
  return plan.flowControl.credit === null ? 0 : laneCount(plan) * LINKCREDIT_BYTES;
}

/**
 * Blocks of the receive buffer at the other end of a port's link; 0 where what the port sends needs
 * no credit.
 */
export function blocksAhead({ fabric, flowControl: { credit } }: RunPlan, port: number): number {
  return credit?.bufferBlocks[fabric.peerPort[port]!] ?? 0;
}

/** Flags of a port. */
export function creditFlags(plan: RunPlan, port: number): number {
  const gives = (plan.flowControl.credit?.bufferBlocks[port] ?? 0) > 0;
  return (blocksAhead(plan, port) > 0 ? PortFlag.OnCredit : 0) | (gives ? PortFlag.GivesCredit : 0);
}

export function writeCredit(memory: CoreMemory, plan: RunPlan, { credits }: { readonly credits: number }): void {
  const { credit } = plan.flowControl;
  if (credit === null) return;
  for (let lane = 0; lane < laneCount(plan); lane++) {
    const port = portOfLane(plan, lane);
    const at = credits + lane * LINKCREDIT_BYTES;
    memory.set(at, LinkCredit.limitBlocks, blocksAhead(plan, port));
    memory.set(at, LinkCredit.allowedBlocks, credit.bufferBlocks[port]!);
    memory.set(at, LinkCredit.toldBlocks, credit.bufferBlocks[port]!);
    memory.set(at, LinkCredit.updateBlocks, credit.updateBlocks[port]!);
  }
}

/**
 * By port, of all its data classes and, as `waits`, of each. Waits that are still on count to
 * `endPs`.
 */
export function readCreditWaits({ memory, header }: CoreInstance, plan: RunPlan, endPs: number) {
  const ports = plan.fabric.peerPort.length;
  const creditWaitPs = new Float64Array(ports);
  const longestCreditWaitPs = new Float64Array(ports);
  const waits = plan.dataClasses.map(() => new Float64Array(ports));
  if (plan.flowControl.credit === null) return { creditWaitPs, longestCreditWaitPs, waits };
  const portsAt = memory.get(header, Run.ports);
  const creditsAt = memory.get(header, Run.credits);
  for (let lane = 0; lane < laneCount(plan); lane++) {
    const port = portOfLane(plan, lane);
    const at = creditsAt + lane * LINKCREDIT_BYTES;
    const isOn = memory.get(portsAt + lane * PORT_BYTES, Port.paused) === Hold.Credit;
    const openPs = isOn ? Math.max(0, endPs - memory.get(at, LinkCredit.waitingSincePs)) : 0;
    const longestPs = Math.max(memory.get(at, LinkCredit.longestWaitPs), openPs);
    const waitPs = memory.get(at, LinkCredit.waitPs) + openPs;
    creditWaitPs[port]! += waitPs;
    waits[Math.floor(lane / ports)]![port] = waitPs;
    longestCreditWaitPs[port] = Math.max(longestCreditWaitPs[port]!, longestPs);
  }
  return { creditWaitPs, longestCreditWaitPs, waits };
}
