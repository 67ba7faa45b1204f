/** What a port's record says of the instant that a run stands at. */
import { Port, PortExtra } from "./layout.js";
import type { CoreMemory } from "./memory.js";

/**
 * Wire bytes of the packet in transmission that have not left yet; these with all that waits, of
 * all classes; and the rate at which the port sends.
 * @param nowPs everything before it has been simulated
 */
export function portNow(memory: CoreMemory, [port, extra]: readonly [number, number], nowPs: number) {
  const psPerByte = memory.get(port, Port.psPerByte) / memory.get(extra, PortExtra.psPerByteDen);
  const busyPs = Math.max(0, memory.get(port, Port.busyUntilPs) - nowPs);
  return {
    psPerByte,
    leavingBytes: busyPs / psPerByte,
    waitingBytes: (busyPs + memory.get(port, Port.queuedPs)) / psPerByte,
    rateBps: 8e12 / psPerByte,
  };
}
