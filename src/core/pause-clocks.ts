/** What the core keeps of pauses that lapse. */
import type { RunPlan } from "../plan/plan.js";
import { PAUSECLOCK_BYTES, PauseClock } from "./layout.js";
import type { CoreMemory } from "./memory.js";

/** The header's fields. */
export function pauseHeader({ flowControl: { pauses }, fabric, stalls }: RunPlan) {
  return {
    pauseClockCount: pauses === null ? 0 : fabric.peerPort.length,
    stallCount: stalls.length,
    endsWhenAcked: stalls.length > 0 || pauses?.refreshPs.some(Number.isFinite) ? 1 : 0,
  };
}

/** Bytes of the records of all ports. */
export function pauseClockBytes(plan: RunPlan): number {
  return pauseHeader(plan).pauseClockCount * PAUSECLOCK_BYTES;
}

/** Writes the records at `at`, if there are any. */
export function writePauseClocks(memory: CoreMemory, { flowControl: { pauses }, fabric }: RunPlan, at: number): void {
  if (pauses === null) return;
  for (let port = 0; port < fabric.peerPort.length; port++) {
    const clock = at + port * PAUSECLOCK_BYTES;
    memory.setTime(clock, PauseClock.lastsPs, pauses.lastsPs[port]!);
    memory.setTime(clock, PauseClock.refreshPs, pauses.refreshPs[port]!);
    memory.setNever(clock, PauseClock.lapsesAtPs);
    memory.setNever(clock, PauseClock.refreshAtPs);
  }
}
