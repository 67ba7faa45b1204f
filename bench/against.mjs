// This build against another one, in one process.
import { clockOf, timeNs } from "./clock.mjs";
import { alternate, resultOf } from "./measure.mjs";
import { bootstrap, geometricMean, medianRatio, pairedRatio, pairRatios } from "./statistics.mjs";
import { Subject } from "./subject.mjs";

/** @typedef {import("./build.mjs").Build} Build */
/** @typedef {import("./measure.mjs").Result} Result */
/** @typedef {import("./statistics.mjs").Estimate} Estimate */

/**
 * Two builds on one scenario: A is the other one, B is this one.
 * @typedef {object} Duel
 * @property {string} name
 * @property {Estimate} ratio Of ns per hop, B to A: below 1 this build is the faster one.
 * @property {number} ratioOfMinima
 * @property {number} memoryRatio
 * @property {boolean} digestChanged
 * @property {Result} a
 * @property {Result} b
 */

/**
 * @param {Build} a
 * @param {Build} b
 * @param {{ name: string }} raw
 * @param {import("./measure.mjs").Effort & { threads: number }} options
 * @returns {Promise<Duel>}
 */
export async function duel(a, b, raw, { threads, ...effort }) {
  const subjects = { a: new Subject(a, raw, threads), b: new Subject(b, raw, threads) };
  await subjects.a.warmUp();
  await subjects.b.warmUp();
  const samples = await alternate(effort, (side) => subjects[side].run());
  const clock = clockOf(threads);
  return judge(resultOf(subjects.a, samples.a, clock), resultOf(subjects.b, samples.b, clock), clock);
}

/**
 * @param {Result} a
 * @param {Result} b
 * @param {import("./clock.mjs").Clock} clock
 * @returns {Duel}
 */
export function judge(a, b, clock) {
  return {
    name: a.name,
    ratio: pairedRatio(nsPerHop(a, clock), nsPerHop(b, clock)),
    ratioOfMinima: b.nsPerHop.min / a.nsPerHop.min,
    memoryRatio: b.memoryBytes / a.memoryBytes,
    digestChanged: a.digest !== b.digest,
    a,
    b,
  };
}

/**
 * Geometric mean of the scenarios' ratios.
 * @param {Duel[]} duels
 * @param {import("./clock.mjs").Clock} clock
 * @returns {Estimate}
 */
export function overall(duels, clock) {
  return bootstrap(
    duels.map(({ a, b }) => pairRatios(nsPerHop(a, clock), nsPerHop(b, clock))),
    (...scenarios) => geometricMean(scenarios.map(medianRatio)),
  );
}

/** @param {Result} result @param {import("./clock.mjs").Clock} clock */
function nsPerHop({ samples, hops }, clock) {
  return samples.map((sample) => timeNs(sample, clock) / hops);
}
