// What is printed for people.
import { MIN_RUNS } from "./statistics.mjs";

/** @typedef {import("./statistics.mjs").Estimate} Estimate */

/**
 * Rows of fixed columns, so that each can be printed when it is known. The first column is aligned
 * to the left.
 */
export class Table {
  #widths;
  #titles;

  /** @param {readonly (readonly [title: string, width: number])[]} columns */
  constructor(columns) {
    this.#titles = columns.map(([title]) => title);
    this.#widths = columns.map(([title, width]) => Math.max(title.length, width));
  }

  head() {
    return this.row(this.#titles);
  }

  /** @param {readonly string[]} cells A cell more than there are columns is a remark. */
  row(cells) {
    return cells
      .map((cell, i) => (i === 0 ? cell.padEnd(this.#widths[0]) : cell.padStart(this.#widths[i] ?? 0)))
      .join("  ")
      .trimEnd();
  }
}

/** @param {readonly string[]} names */
export function nameWidth(names) {
  return Math.max(0, ...names.map((name) => name.length));
}

/** @param {number} ratio */
export const times = (ratio) => ratio.toFixed(3);
/** @param {Estimate} estimate */
export const within = ({ low, high }) => `${times(low)}..${times(high)}`;
/** @param {number} value */
export const millions = (value) => (value / 1e6).toFixed(1);
/** @param {number} bytes */
const megabytes = (bytes) => (bytes / 1e6).toFixed(0);
/** @param {number} share */
export const percent = (share) => `${(100 * share).toFixed(0)} %`;

/** The verdict that a ratio of times with its interval allows. @param {Estimate} ratio */
export function verdict({ low, high }) {
  if (high < 1) return "faster";
  return low > 1 ? "slower" : "undecided";
}

export const CHANGED = "BEHAVIOUR CHANGED";

/** @param {number} count @param {string} thing */
export function tooFew(count, thing) {
  return count < MIN_RUNS
    ? `note: an interval of ${count} ${thing} holds less than 95 %; take ${MIN_RUNS} or more`
    : undefined;
}

/** @param {import("./calibration.mjs").Pace} pace */
export function calibrationLine({ missNs, hashNs }) {
  return `${missNs.toFixed(1)} ns per dependent cache miss, ${hashNs.toFixed(2)} ns per 32-bit hash`;
}

/** @param {readonly string[]} names */
export function resultTable(names) {
  return new Table([
    ["scenario", nameWidth(names)],
    ["hops", 7],
    ["data", 5],
    ["ns/hop", 14],
    ["M hops/s", 8],
    ["MB", 5],
    ["estimated", 9],
    ["B/host", 6],
    ["pauses", 6],
    ["digest", 16],
  ]);
}

/** @param {import("./measure.mjs").Result} r */
export function resultCells(r) {
  return [
    r.name,
    `${millions(r.hops)}M`,
    percent(r.dataShare),
    `${r.nsPerHop.min.toFixed(1)} (${r.nsPerHop.median.toFixed(1)})`,
    (1e3 / r.nsPerHop.min).toFixed(1),
    megabytes(r.memoryBytes),
    r.estimateBytes === null ? "-" : megabytes(r.estimateBytes),
    r.bytesPerHost.toFixed(0),
    String(r.pauses),
    r.digest,
  ];
}

/** @param {readonly string[]} names */
export function commandTable(names) {
  return new Table([
    ["command", nameWidth(names)],
    ["CPU ms", 14],
    ["wall ms", 14],
  ]);
}

/** @param {import("./commands.mjs").CommandResult} r */
export function commandCells({ name, cpuMs, wallMs }) {
  const cell = (/** @type {{ min: number, median: number }} */ { min, median }) =>
    `${min.toFixed(0)} (${median.toFixed(0)})`;
  return [name, cell(cpuMs), cell(wallMs)];
}

/** @param {readonly string[]} names */
export function duelTable(names) {
  return new Table([
    ["scenario", nameWidth(names)],
    ["A ns/hop", 8],
    ["B ns/hop", 8],
    ["B/A", 6],
    ["95 %", 12],
    ["of minima", 9],
    ["memory", 6],
    ["verdict", 9],
  ]);
}

/** @param {import("./against.mjs").Duel} duel */
export function duelCells({ name, a, b, ratio, ratioOfMinima, memoryRatio, digestChanged }) {
  return [
    name,
    a.nsPerHop.median.toFixed(1),
    b.nsPerHop.median.toFixed(1),
    times(ratio.value),
    within(ratio),
    times(ratioOfMinima),
    times(memoryRatio),
    verdict(ratio),
    ...(digestChanged ? [CHANGED] : []),
  ];
}

/** @param {readonly string[]} names */
export function comparisonTable(names) {
  return new Table([
    ["scenario", nameWidth(names)],
    ["A ns/hop", 8],
    ["B ns/hop", 8],
    ["B/A", 6],
    ["95 %", 12],
    ["of minima", 9],
    ["normalised", 10],
    ["95 %", 12],
    ["of minima", 9],
    ["memory", 6],
    ["verdict", 9],
  ]);
}

/**
 * @param {import("./comparison.mjs").ScenarioComparison} scenario
 * @param {boolean} byNormalised Which ratio the verdict is of.
 */
export function comparisonCells(scenario, byNormalised) {
  const { name, medianNsPerHop, ratio, normalised } = scenario;
  return [
    name,
    medianNsPerHop.a.toFixed(1),
    medianNsPerHop.b.toFixed(1),
    times(ratio.value),
    within(ratio),
    times(scenario.ratioOfMinima),
    times(normalised.value),
    within(normalised),
    times(scenario.normalisedOfMinima),
    times(scenario.memoryRatio),
    verdict(byNormalised ? normalised : ratio),
    ...(scenario.digestChanged ? [CHANGED] : []),
  ];
}
