// node bench/threads.mjs [--help]: runs with one thread and with several by turns, in one process.
import { availableParallelism } from "node:os";
import { Command } from "commander";
import { emit, machine, positive, runMain, sayer } from "./arguments.mjs";
import { loadBuild, OWN_DIST } from "./build.mjs";
import { alternate } from "./measure.mjs";
import { millions, nameWidth, percent, Table, times, tooFew, within } from "./report.mjs";
import { SCENARIOS } from "./scenarios.mjs";
import { busiest, readThreads, shareFree } from "./schedule.mjs";
import { median, pairedRatio } from "./statistics.mjs";
import { Subject } from "./subject.mjs";

/**
 * @typedef {import("./clock.mjs").Sample & { threads?: import("./schedule.mjs").ThreadTime[] }}
 * Sample
 */

const NAMES = ["permutation-8192 adaptive pfc ack 1", "permutation-32768 adaptive pfc ack 1"];

const options = new Command("bench:threads")
  .option("--threads <n>", "threads of the runs to compare with one thread's", positive, availableParallelism())
  .option("--pairs <n>", "pairs of runs of each scenario, rounded up to an even number", positive, 6)
  .option("--only <text>", "scenarios whose name contains this")
  .option("--json", "print one JSON document; what is meant for people goes to the standard error")
  .option("--out <file>", "write the JSON document to a file")
  .parse()
  .opts();
const { threads, pairs } = options;
const say = sayer(options.json);

await runMain(async () => {
  const chosen = SCENARIOS.filter(({ name }) => NAMES.includes(name) && name.includes(options.only ?? ""));
  if (chosen.length === 0) throw new Error(`no such scenario; there are ${NAMES.join(", ")}`);
  const build = await loadBuild(OWN_DIST);
  say(`1 and ${threads} threads, ${pairs} pairs of runs by turns; wall-clock time, medians`);
  if (readThreads() === undefined) say("the system does not tell when threads had a core: that part is left out");
  say(
    `speed-up: median of the pairs' ratios; by CPU: the same of the busiest thread's CPU time, as if every thread had a core\n`,
  );
  const table = new Table([
    ["scenario", nameWidth(NAMES)],
    ["1: M hops/s", 11],
    [`${threads}: M hops/s`, 11],
    ["speed-up", 8],
    ["95 %", 12],
    ["by CPU", 6],
    ["95 %", 12],
    [`${threads === 2 ? "second core" : "other cores"} free`, 16],
  ]);
  say(table.head());
  const results = [];
  for (const raw of chosen) {
    const result = await compareThreads(build, raw);
    results.push(result);
    say(table.row(cells(result)));
    for (const line of details(result)) say(line);
  }
  say(tooFew(Math.min(...results.map(({ samples }) => samples.one.length)), "pairs"));
  emit({ schema: "heddle.bench-threads/1", ...machine(), threads, pairs, results }, options);
});

/** @param {import("./build.mjs").Build} build @param {{ name: string }} raw */
async function compareThreads(build, raw) {
  const subjects = { a: new Subject(build, raw, 1), b: new Subject(build, raw, threads) };
  await subjects.a.warmUp();
  await subjects.b.warmUp();
  const { a, b } = await alternate({ runs: pairs, seconds: 0 }, (side) =>
    watched(subjects[side], side === "a" ? 1 : threads),
  );
  const { digest, hops } = subjects.a.facts;
  if (subjects.b.facts.digest !== digest) {
    throw new Error(
      `${raw.name}: ${threads} threads do not do the same as one, ${subjects.b.facts.digest} and ${digest}`,
    );
  }
  const busyA = a.map(busiestNs);
  const busyB = b.map(busiestNs);
  return {
    name: raw.name,
    hops,
    digest,
    hopsPerSecond: { one: rate(hops, a), several: rate(hops, b) },
    speedUp: pairedRatio(b.map(wallOf), a.map(wallOf)),
    speedUpByCpu: known(busyA) && known(busyB) ? pairedRatio(busyB, busyA) : null,
    shareFree: medianFree(b),
    memoryBytes: { one: subjects.a.memory.memoryBytes, several: subjects.b.memory.memoryBytes },
    samples: { one: a, several: b },
  };
}

/**
 * A run, and what its threads had of the cores.
 * @param {Subject} subject
 * @param {number} count
 * @returns {Promise<Sample>}
 */
async function watched(subject, count) {
  /** @type {import("./schedule.mjs").ThreadTime[] | undefined} */
  let busy;
  const sample = await subject.run(() => {
    const before = readThreads();
    return () => {
      const after = readThreads();
      if (before !== undefined && after !== undefined) busy = busiest(before, after, count);
    };
  });
  return busy === undefined ? sample : { ...sample, threads: busy };
}

/** @param {Sample} sample */
function wallOf({ wallNs }) {
  return wallNs;
}

/** CPU time of the busiest thread. @param {Sample} sample */
function busiestNs({ threads }) {
  return threads?.[0]?.cpuNs;
}

/** @param {(number | undefined)[]} values @returns {values is number[]} */
function known(values) {
  return !values.includes(undefined);
}

/** @param {number} hops @param {Sample[]} samples */
function rate(hops, samples) {
  return hops / (median(samples.map(wallOf)) / 1e9);
}

/** @param {Sample[]} samples */
function medianFree(samples) {
  const shares = samples.flatMap(({ threads, wallNs }) => {
    const share = threads === undefined ? undefined : shareFree(threads, wallNs);
    return share === undefined ? [] : [share];
  });
  return shares.length === 0 ? null : median(shares);
}

/** @param {Awaited<ReturnType<typeof compareThreads>>} result */
function cells({ name, hopsPerSecond, speedUp, speedUpByCpu, shareFree }) {
  return [
    name,
    millions(hopsPerSecond.one),
    millions(hopsPerSecond.several),
    times(speedUp.value),
    within(speedUp),
    ...(speedUpByCpu === null ? ["-", "-"] : [times(speedUpByCpu.value), within(speedUpByCpu)]),
    shareFree === null ? "-" : percent(shareFree),
  ];
}

/**
 * Where the time of the runs went, medians in seconds.
 * @param {Awaited<ReturnType<typeof compareThreads>>} result
 */
function details({ samples }) {
  return [samples.one, samples.several].map((runs, i) => {
    const count = i === 0 ? 1 : threads;
    const wall = `  ${count} thread${count === 1 ? "" : "s"}: wall ${seconds(runs.map(wallOf))}`;
    const ranks = runs.flatMap((run) => (run.threads === undefined ? [] : [run.threads]));
    if (ranks.length < runs.length) return wall;
    const each = (/** @type {"cpuNs" | "waitNs"} */ field) =>
      Array.from({ length: count }, (_, rank) => seconds(ranks.map((busy) => busy[rank]?.[field] ?? 0))).join(" + ");
    return `${wall}; CPU ${each("cpuNs")}, busiest thread first; waited for a core ${each("waitNs")}`;
  });
}

/** @param {number[]} timesNs */
function seconds(timesNs) {
  return `${(median(timesNs) / 1e9).toFixed(2)} s`;
}
