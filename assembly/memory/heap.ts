/** Heaps of u32 in linear memory: the smallest one comes first. */

/** Adds a number to a heap of `count`. */
export function heapPush(heap: u32, count: u32, value: u32): void {
  let at = count;
  while (at != 0) {
    const parent = (at - 1) >> 1;
    const above = load<u32>(heap + parent * 4);
    if (above <= value) break;
    store<u32>(heap + at * 4, above);
    at = parent;
  }
  store<u32>(heap + at * 4, value);
}

/** Takes the smallest number off a heap of `count`, of which there is at least one. */
export function heapPop(heap: u32, count: u32): u32 {
  const smallest = load<u32>(heap);
  const last = count - 1;
  const value = load<u32>(heap + last * 4);
  let at: u32 = 0;
  for (;;) {
    let child: u32 = 2 * at + 1;
    if (child >= last) break;
    if (child + 1 < last && load<u32>(heap + child * 4 + 4) < load<u32>(heap + child * 4)) child++;
    const below = load<u32>(heap + child * 4);
    if (value <= below) break;
    store<u32>(heap + at * 4, below);
    at = child;
  }
  store<u32>(heap + at * 4, value);
  return smallest;
}
