import { Control, Run, TrapCode } from "./structs/run";
import { Thread } from "./structs/thread";

/**
 * The run's header and what its threads wait with: at fixed addresses, below everything else, the
 * same for every thread.
 */
export const run: Run = changetype<Run>(1024);
export const control: Control = changetype<Control>(512);
/** Bits of `Thread.failed`. */
export const FAILED_QP: u32 = 1;
export const FAILED_POLICY: u32 = 2;
/** Where the rest of linear memory begins. */
const FLOOR: u64 = 8192;

/**
 * The record of the thread that this instance is; before there are threads, one that nobody reads.
 */
export let own: Thread = changetype<Thread>(256);

export function become(thread: Thread): void {
  own = thread;
}

/** Records why, and traps. TypeScript turns it into a typed error with time and device. */
export function trap(code: TrapCode): void {
  if (run.trapCode == TrapCode.None) run.trapCode = code;
  unreachable();
}

/**
 * Takes `bytes` of zeroed linear memory, 64-byte aligned, to be kept for the whole run. Not while
 * other threads are at work.
 */
export function allocate(bytes: u64): u32 {
  const start = (max(run.top, FLOOR) + 63) & ~63;
  if (!ensure(start + bytes)) trap(TrapCode.OutOfMemory);
  run.top = start + bytes;
  return <u32>start;
}

/** Grows linear memory so that addresses below `end` exist; false if it cannot. */
export function ensure(end: u64): bool {
  if (end > <u64>u32.MAX_VALUE + 1) return false;
  const pages = <i32>((end + 65535) >> 16);
  const have = memory.size();
  return pages <= have || memory.grow(pages - have) >= 0;
}
