/**
 * The transmissions of one switch that end inside the window: a binary heap of (picosecond in the
 * window, port), so that the exact step can take them in order. Each port has at most one.
 */
import { PORT_MASK } from "../engine/key";
import { carve } from "../engine/scratch";
import { windowEnd, windowStart } from "../engine/state";

const PORT_BITS: u32 = 10;

let heap: u32 = 0;
let size: u32 = 0;

export function startEnds(): void {
  heap = carve(4 * (PORT_MASK + 1));
}

export function clearEnds(): void {
  size = 0;
}

/** Notes that the port's transmission ends at `endPs`, if that is inside this window. */
export function pushEnd(local: u32, endPs: u64): void {
  if (endPs >= windowEnd) return;
  const value = ((<u32>(endPs - windowStart)) << PORT_BITS) | local;
  let at = size++;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = load<u32>(heap + parent * 4);
    if (above <= value) break;
    store<u32>(heap + at * 4, above);
    at = parent;
  }
  store<u32>(heap + at * 4, value);
}

/** Time of the first end; all ones when there is none. */
@inline
export function firstEndPs(): u64 {
  return size == 0 ? u64.MAX_VALUE : windowStart + (load<u32>(heap) >> PORT_BITS);
}

/** Takes the first end away and returns its port. */
export function popEnd(): u32 {
  const top = load<u32>(heap);
  const last = load<u32>(heap + --size * 4);
  let at: u32 = 0;
  for (;;) {
    let child: u32 = 2 * at + 1;
    if (child >= size) break;
    if (child + 1 < size && load<u32>(heap + (child + 1) * 4) < load<u32>(heap + child * 4)) child++;
    const below = load<u32>(heap + child * 4);
    if (below >= last) break;
    store<u32>(heap + at * 4, below);
    at = child;
  }
  if (size != 0) store<u32>(heap + at * 4, last);
  return top & PORT_MASK;
}
