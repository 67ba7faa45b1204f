// npm run bench:fast-forward -- [--help]: runs with and without fast-forward by turns, in one
// process.
import { Command } from "commander";
import { emit, machine, positive, runMain, sayer } from "./arguments.mjs";
import { loadBuild, OWN_DIST } from "./build.mjs";
import { REPEATING, UNREPEATING } from "./fast-forward-scenarios.mjs";
import { alternate } from "./measure.mjs";
import { millions, nameWidth, percent, Table, tooFew } from "./report.mjs";
import { median, pairedRatio } from "./statistics.mjs";
import { Subject } from "./subject.mjs";

const options = new Command("bench:fast-forward")
  .option("--pairs <n>", "pairs of runs of each scenario, rounded up to an even number", positive, 6)
  .option("--only <text>", "scenarios whose name contains this")
  .option("--json", "print one JSON document; what is meant for people goes to the standard error")
  .option("--out <file>", "write the JSON document to a file")
  .parse()
  .opts();
const say = sayer(options.json);

await runMain(async () => {
  const chosen = [...REPEATING, ...UNREPEATING].filter(({ name }) => name.includes(options.only ?? ""));
  if (chosen.length === 0) throw new Error("no scenario is chosen");
  const build = await loadBuild(OWN_DIST);
  say(`without and with fast-forward by turns, ${options.pairs} pairs; CPU time, median of the pairs' ratios`);
  say("factor: how many times the time of the run with it the one without takes; below 1 looking was in vain\n");
  const names = chosen.map(({ name }) => name);
  const table = new Table([
    ["scenario", nameWidth(names)],
    ["hops", 7],
    ["skipped", 7],
    ["jumps", 5],
    ["full: s", 7],
    ["factor", 6],
    ["95 %", 14],
  ]);
  say(table.head());
  const results = [];
  for (const raw of chosen) {
    const result = await compare(build, raw);
    results.push(result);
    say(table.row(cells(result)));
  }
  say(tooFew(Math.min(...results.map(({ samples }) => samples.full.length)), "pairs"));
  emit({ schema: "heddle.bench-fast-forward/1", ...machine(), pairs: options.pairs, results }, options);
});

/** @param {import("./build.mjs").Build} build @param {{ name: string }} raw */
async function compare(build, raw) {
  const full = new Subject(build, raw, 1);
  const skipping = new Subject(build, raw, 1, true);
  await full.warmUp();
  await skipping.warmUp();
  const { a, b } = await alternate({ runs: options.pairs, seconds: 0 }, (side) =>
    (side === "a" ? full : skipping).run(),
  );
  const { digest, hops } = full.facts;
  if (skipping.facts.digest !== digest) {
    throw new Error(`${raw.name}: fast-forward is not exact, ${skipping.facts.digest} instead of ${digest}`);
  }
  const times = { full: a.map(({ cpuNs }) => cpuNs), skipping: b.map(({ cpuNs }) => cpuNs) };
  return {
    name: raw.name,
    hops,
    skippedHops: skipping.facts.skippedHops,
    cycles: skipping.facts.cycles,
    factor: pairedRatio(times.skipping, times.full),
    digest,
    samples: { full: a, skipping: b },
  };
}

/** @param {Awaited<ReturnType<typeof compare>>} result */
function cells({ name, hops, skippedHops, cycles, factor, samples }) {
  return [
    name,
    `${millions(hops)}M`,
    percent(skippedHops / hops),
    String(cycles),
    (median(samples.full.map(({ cpuNs }) => cpuNs)) / 1e9).toFixed(2),
    factor.value.toPrecision(3),
    `${factor.low.toPrecision(3)}..${factor.high.toPrecision(3)}`,
  ];
}
