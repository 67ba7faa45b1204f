// Two documents of the benchmark, made at different times or of different builds, scenario by
// scenario.
import { paceNs } from "./calibration.mjs";
import { timeNs } from "./clock.mjs";
import { bootstrap, median, ratioOfMedians } from "./statistics.mjs";

/** @typedef {import("./statistics.mjs").Estimate} Estimate */
/** @typedef {import("./clock.mjs").Clock} Clock */

/**
 * What `npm run bench -- --json` prints.
 * @typedef {object} BenchDocument
 * @property {"heddle.bench/1"} schema
 * @property {string} node
 * @property {string} cpu
 * @property {number} cores
 * @property {number} threads
 * @property {Clock} clock
 * @property {import("./calibration.mjs").Calibration} calibration
 * @property {import("./measure.mjs").Result[]} results
 */

/**
 * All ratios are of B to A: above 1 B takes more.
 * @typedef {object} ScenarioComparison
 * @property {string} name
 * @property {Estimate} ratio Of the medians of time per hop.
 * @property {number} ratioOfMinima
 * @property {Estimate} normalised `ratio` divided by the ratio of the paces: what it would be on
 * machines of the same pace.
 * @property {number} normalisedOfMinima
 * @property {number} memoryRatio
 * @property {number} hopsRatio
 * @property {boolean} digestChanged The runs did not do the same.
 * @property {{ a: number, b: number }} medianNsPerHop
 */

/**
 * @typedef {object} Comparison
 * @property {"heddle.bench-comparison/1"} schema
 * @property {Clock} clock
 * @property {Estimate} paceRatio Of the calibrations: median of the probes, each the geometric mean
 * of ns per cache miss and ns per hash.
 * @property {ScenarioComparison[]} scenarios
 * @property {string[]} onlyInA
 * @property {string[]} onlyInB
 * @property {string[]} differences Of the machines and settings.
 */

/** @param {string} text @param {string} name @returns {BenchDocument} */
export function parseDocument(text, name) {
  let document;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new Error(`${name} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (document?.schema !== "heddle.bench/1") throw new Error(`${name} is not a document of schema heddle.bench/1`);
  return document;
}

/** @param {BenchDocument} a @param {BenchDocument} b @returns {Comparison} */
export function compareDocuments(a, b) {
  // CPU time of several threads says little about how long they take.
  const clock = a.clock === b.clock ? a.clock : "wall";
  const paces = { a: a.calibration.probes.map(paceNs), b: b.calibration.probes.map(paceNs) };
  const ofB = new Map(b.results.map((result) => [result.name, result]));
  const inA = new Set(a.results.map(({ name }) => name));
  return {
    schema: "heddle.bench-comparison/1",
    clock,
    paceRatio: ratioOfMedians(paces.a, paces.b),
    scenarios: a.results.flatMap((result) => {
      const other = ofB.get(result.name);
      return other === undefined ? [] : [compareResults(result, other, clock, paces)];
    }),
    onlyInA: a.results.map(({ name }) => name).filter((name) => !ofB.has(name)),
    onlyInB: b.results.map(({ name }) => name).filter((name) => !inA.has(name)),
    differences: differencesOf(a, b),
  };
}

/**
 * @param {import("./measure.mjs").Result} a
 * @param {import("./measure.mjs").Result} b
 * @param {Clock} clock
 * @param {{ a: number[], b: number[] }} paces
 * @returns {ScenarioComparison}
 */
function compareResults(a, b, clock, paces) {
  const timesA = a.samples.map((sample) => timeNs(sample, clock) / a.hops);
  const timesB = b.samples.map((sample) => timeNs(sample, clock) / b.hops);
  const ratioOfMinima = Math.min(...timesB) / Math.min(...timesA);
  return {
    name: a.name,
    ratio: ratioOfMedians(timesA, timesB),
    ratioOfMinima,
    normalised: bootstrap(
      [timesA, timesB, paces.a, paces.b],
      (ta, tb, pa, pb) => median(tb) / median(ta) / (median(pb) / median(pa)),
    ),
    normalisedOfMinima: (ratioOfMinima * median(paces.a)) / median(paces.b),
    memoryRatio: b.memoryBytes / a.memoryBytes,
    hopsRatio: b.hops / a.hops,
    digestChanged: a.digest !== b.digest,
    medianNsPerHop: { a: median(timesA), b: median(timesB) },
  };
}

/** @param {BenchDocument} a @param {BenchDocument} b */
function differencesOf(a, b) {
  return /** @type {const} */ (["cpu", "cores", "node", "threads", "clock"])
    .filter((key) => a[key] !== b[key])
    .map((key) => `${key}: ${a[key]} and ${b[key]}`);
}

/**
 * Scenarios that are slower than `limit` beyond doubt: their interval excludes 1.
 * @param {Comparison} comparison
 * @param {number} limit
 * @param {boolean} [normalised]
 */
export function slowerThan({ scenarios }, limit, normalised = false) {
  return scenarios
    .filter((scenario) => {
      const { value, low } = normalised ? scenario.normalised : scenario.ratio;
      return value > limit && low > 1;
    })
    .map(({ name }) => name);
}
