// What a run is timed by.

/**
 * Time of one run, without laying it out and reading its outcome.
 * @typedef {object} Sample
 * @property {number} cpuNs CPU time of all threads of the process: other tenants of the machine
 * count less than by the clock.
 * @property {number} wallNs
 */

/** @typedef {"cpu" | "wall"} Clock */

/**
 * Threads are there to save wall-clock time; one thread is measured in CPU time.
 * @param {number} threads
 * @returns {Clock}
 */
export function clockOf(threads) {
  return threads === 1 ? "cpu" : "wall";
}

/** @param {Sample} sample @param {Clock} clock */
export function timeNs(sample, clock) {
  return clock === "cpu" ? sample.cpuNs : sample.wallNs;
}
