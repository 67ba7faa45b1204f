// A model of how threads take work: their own part first, then the others' from the end.

/** Devices in a word of the core's bitmaps. */
const WORD = 64;

/**
 * Work of each thread in one window. The thread that is through first takes the next part that
 * nobody has taken, in its order, as in the core; time is what the work of a part takes.
 * @param {ArrayLike<number>} work By device.
 * @param {readonly ArrayLike<number>[]} orders By thread: words of 64 devices in its order.
 * @param {number} grain Devices that are taken at a time, a divisor of 64.
 * @returns {number[]}
 */
export function dealOut(work, orders, grain) {
  const perWord = WORD / grain;
  const parts = new Float64Array(Math.ceil(work.length / WORD) * perWord);
  for (let device = 0; device < work.length; device++) parts[Math.floor(device / grain)] += work[device];
  const taken = new Uint8Array(parts.length);
  const loads = orders.map(() => 0);
  const next = orders.map(() => 0);
  for (;;) {
    let [thread, part] = [-1, -1];
    // The least loaded thread is the next to look for work; one without any left is done.
    const byLoad = loads.map((load, i) => ({ load, i })).sort((a, b) => a.load - b.load);
    for (const { i } of byLoad) {
      part = nextPart(orders[i], next, i, perWord, parts, taken);
      if (part < 0) continue;
      thread = i;
      break;
    }
    if (thread < 0) return loads;
    taken[part] = 1;
    loads[thread] += parts[part];
  }
}

/**
 * @param {ArrayLike<number>} order @param {number[]} next @param {number} thread
 * @param {number} perWord @param {Float64Array} parts @param {Uint8Array} taken
 */
function nextPart(order, next, thread, perWord, parts, taken) {
  for (; next[thread] < order.length * perWord; next[thread]++) {
    const at = next[thread];
    const part = order[Math.floor(at / perWord)] * perWord + (at % perWord);
    if (taken[part] === 0 && parts[part] > 0) return part;
  }
  return -1;
}
