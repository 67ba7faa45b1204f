// What the kernel says about the time of each thread of this process: how long it ran, and how long
// it waited for a core. Linux only.
import { readdirSync, readFileSync } from "node:fs";

const TASKS = "/proc/self/task";

/**
 * @typedef {object} ThreadTime
 * @property {number} tid
 * @property {number} cpuNs On a core.
 * @property {number} waitNs Ready to run, with no core to run on. Time that a hypervisor took away
 * counts as CPU time.
 */

/**
 * Time of every thread so far, by thread; undefined where the kernel does not tell.
 * @returns {Map<number, ThreadTime> | undefined}
 */
export function readThreads() {
  /** @type {Map<number, ThreadTime>} */
  const threads = new Map();
  try {
    for (const name of readdirSync(TASKS)) {
      const stat = readTask(name);
      if (stat !== undefined) threads.set(stat.tid, stat);
    }
  } catch {
    return undefined;
  }
  return threads.size === 0 ? undefined : threads;
}

/** @param {string} name */
function readTask(name) {
  try {
    const [cpuNs, waitNs] = readFileSync(`${TASKS}/${name}/schedstat`, "utf8").split(" ").map(Number);
    return { tid: Number(name), cpuNs, waitNs };
  } catch {
    // It ended meanwhile, or the kernel keeps no such statistics.
    return undefined;
  }
}

/**
 * What passed between two readings for the `count` busiest threads, the busiest first. The others
 * are the compiler's and the collector's.
 * @param {Map<number, ThreadTime>} before
 * @param {Map<number, ThreadTime>} after
 * @param {number} count
 */
export function busiest(before, after, count) {
  return [...after.values()]
    .map(({ tid, cpuNs, waitNs }) => {
      const start = before.get(tid);
      return { tid, cpuNs: cpuNs - (start?.cpuNs ?? 0), waitNs: waitNs - (start?.waitNs ?? 0) };
    })
    .sort((a, b) => b.cpuNs - a.cpuNs)
    .slice(0, count);
}

/**
 * Of the time in which threads wanted cores beyond the first, the share in which they had them;
 * undefined if they never wanted any.
 * @param {readonly ThreadTime[]} threads
 * @param {number} wallNs
 */
export function shareFree(threads, wallNs) {
  const waited = threads.reduce((sum, { waitNs }) => sum + waitNs, 0);
  const wanted = threads.reduce((sum, { cpuNs }) => sum + cpuNs, waited) - wallNs;
  // Not more than the readings are off.
  if (wanted < 0.01 * wallNs) return undefined;
  return Math.max(0, 1 - waited / wanted);
}
