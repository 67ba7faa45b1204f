import { Run, TrapCode } from "./structs";

/** The one run of this instance. Its address is what TypeScript starts from. */
export const run: Run = changetype<Run>(memory.data(offsetof<Run>(), 16));

let top: usize = 0;

/** Records why, and traps. TypeScript turns it into a typed error with time and device. */
export function trap(code: TrapCode): void {
  run.trapCode = code;
  unreachable();
}

/** Takes `bytes` of zeroed linear memory, 64-byte aligned, to be kept for the whole run. */
export function allocate(bytes: usize): usize {
  if (top == 0) top = (__heap_base + 63) & ~63;
  const start = top;
  top = (top + bytes + 63) & ~63;
  if (top < start) trap(TrapCode.OutOfMemory);
  ensure(top);
  return start;
}

/** Grows linear memory so that addresses below `end` exist. */
export function ensure(end: usize): void {
  const pages = <i32>((<u64>end + 65535) >> 16);
  const have = memory.size();
  if (pages > have && memory.grow(pages - have) < 0) trap(TrapCode.OutOfMemory);
}

/** First address that is not taken. */
export function allocated(): usize {
  return top;
}
