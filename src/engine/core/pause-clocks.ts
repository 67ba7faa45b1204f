/** What the core keeps of pauses that lapse, or that a watchdog looks at. */
import type { RunPlan } from "../../plan/plan.js";
import { laneCount, portOfLane } from "./data-classes.js";
import { PAUSECLOCK_BYTES, PauseClock } from "./layout.js";
import type { CoreMemory } from "./memory.js";

/** The header's fields. */
export function pauseHeader(plan: RunPlan) {
  const {
    flowControl: { pauses, watchdog },
    stalls,
  } = plan;
  return {
    pauseClockCount: pauses === null && watchdog === null ? 0 : laneCount(plan),
    detectPs: watchdog?.detectPs ?? 0,
    restorePs: watchdog?.restorePs ?? 0,
    stormsDrop: watchdog?.action === "drop" ? 1 : 0,
    stallCount: stalls.length,
    endsWhenAcked: stalls.length > 0 || pauses?.refreshPs.some(Number.isFinite) ? 1 : 0,
  };
}

/** Bytes of the records of all ports and data classes. */
export function pauseClockBytes(plan: RunPlan): number {
  return pauseHeader(plan).pauseClockCount * PAUSECLOCK_BYTES;
}

/** Writes the records at `at`, if there are any. */
export function writePauseClocks(memory: CoreMemory, plan: RunPlan, at: number): void {
  const { pauses } = plan.flowControl;
  const count = pauseHeader(plan).pauseClockCount;
  for (let lane = 0; lane < count; lane++) {
    const port = portOfLane(plan, lane);
    const clock = at + lane * PAUSECLOCK_BYTES;
    memory.setTime(clock, PauseClock.lastsPs, pauses?.lastsPs[port] ?? Number.POSITIVE_INFINITY);
    memory.setTime(clock, PauseClock.refreshPs, pauses?.refreshPs[port] ?? Number.POSITIVE_INFINITY);
    memory.setNever(clock, PauseClock.lapsesAtPs);
    memory.setNever(clock, PauseClock.refreshAtPs);
    memory.setNever(clock, PauseClock.stormAtPs);
    memory.setNever(clock, PauseClock.restoreAtPs);
  }
}
