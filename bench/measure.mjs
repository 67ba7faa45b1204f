// Runs of one scenario: of one subject by itself, or of two by turns.
import { Bench } from "tinybench";
import { clockOf, timeNs } from "./clock.mjs";
import { median } from "./statistics.mjs";
import { Subject } from "./subject.mjs";

/** @typedef {import("./clock.mjs").Clock} Clock */
/** @typedef {import("./clock.mjs").Sample} Sample */

/**
 * When to stop: not before these many runs were made, and took this time.
 * @typedef {object} Effort
 * @property {number} runs
 * @property {number} seconds By the clock: short runs are taken more often.
 */

/**
 * @typedef {object} Timing
 * @property {Sample[]} samples
 * @property {{ min: number, median: number }} nsPerHop By the clock of the document.
 */

/**
 * @typedef {{ name: string } & import("./subject.mjs").Facts & import("./subject.mjs").Memory &
 * Timing} Result
 */

/**
 * @param {import("./build.mjs").Build} build
 * @param {{ name: string }} raw
 * @param {Effort & { threads: number }} options
 * @returns {Promise<Result>}
 */
export async function measure(build, raw, { threads, ...effort }) {
  const subject = new Subject(build, raw, threads);
  await subject.warmUp();
  /** @type {Sample[]} */
  const samples = [];
  const bench = new Bench({ iterations: effort.runs, time: effort.seconds * 1000, warmup: false, throws: true });
  bench.add(subject.name, () => subject.play(), {
    beforeEach: () => subject.prepare(),
    afterEach: async () => void samples.push(await subject.finish()),
  });
  await bench.run();
  return resultOf(subject, samples, clockOf(threads));
}

/** @param {Subject} subject @param {Sample[]} samples @param {Clock} clock @returns {Result} */
export function resultOf(subject, samples, clock) {
  return { name: subject.name, ...subject.facts, ...subject.memory, ...timing(samples, subject.facts.hops, clock) };
}

/** @param {Sample[]} samples @param {number} hops @param {Clock} clock @returns {Timing} */
function timing(samples, hops, clock) {
  const times = samples.map((sample) => timeNs(sample, clock) / hops);
  return { samples, nsPerHop: { min: Math.min(...times), median: median(times) } };
}

/** @param {readonly Sample[]} samples @param {Effort} effort */
function suffices(samples, { runs, seconds }) {
  const wallNs = samples.reduce((sum, sample) => sum + sample.wallNs, 0);
  return samples.length >= runs && wallNs >= seconds * 1e9;
}

/**
 * Runs both by turns, A B B A, A B B A …: a machine that becomes slower while they run favours
 * neither. Returns what `run` gave, the i-th of A beside the i-th of B; their number is even.
 * @template {Sample} T
 * @param {Effort} effort
 * @param {(side: "a" | "b") => Promise<T>} run
 */
export async function alternate(effort, run) {
  /** @type {{ a: T[], b: T[] }} */
  const results = { a: [], b: [] };
  for (let pair = 0; pair % 2 === 1 || !suffices(results.a, effort); pair++) {
    /** @type {("a" | "b")[]} */
    const order = pair % 2 === 0 ? ["a", "b"] : ["b", "a"];
    for (const side of order) results[side].push(await run(side));
  }
  return results;
}
