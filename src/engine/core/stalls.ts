/** What the core keeps of NICs that stall. */
import type { RunPlan } from "../../plan/plan.js";
import { Nic, STALL_BYTES, Stall } from "./layout.js";
import type { CoreMemory } from "./memory.js";

/**
 * Writes the stalls at `at`.
 * @param addressOf Address of a NIC's record.
 */
export function writeStalls(memory: CoreMemory, plan: RunPlan, at: number, addressOf: (nic: number) => number): void {
  plan.stalls.forEach(({ nic, fromPs, untilPs, bufferBytes }, i) => {
    const stall = at + i * STALL_BYTES;
    const port = plan.fabric.nics.port[nic]!;
    memory.set(addressOf(nic), Nic.stall, stall);
    memory.set(stall, Stall.nic, addressOf(nic));
    memory.set(stall, Stall.fromPs, fromPs);
    memory.setTime(stall, Stall.untilPs, untilPs);
    memory.setTime(stall, Stall.refreshPs, plan.flowControl.pauses?.refreshPs[port] ?? Number.POSITIVE_INFINITY);
    memory.setNever(stall, Stall.refreshAtPs);
    memory.setNever(stall, Stall.frameAtPs);
    memory.set(stall, Stall.bufferBytes, bufferBytes);
  });
}
