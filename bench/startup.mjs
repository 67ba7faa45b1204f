// npm run bench:startup -- [--help]: what a command takes beside a bare `node -e 0`, each pair of
// processes by turns.
import { Command } from "commander";
import { emit, machine, positive, runMain, sayer } from "./arguments.mjs";
import { OWN_DIST } from "./build.mjs";
import { runProgram } from "./commands.mjs";
import { alternate } from "./measure.mjs";
import { nameWidth, Table, times, tooFew, within } from "./report.mjs";
import { median, pairedRatio } from "./statistics.mjs";

/** The program that each command is compared with. */
const BARE = ["-e", "0"];

/**
 * @typedef {object} StartCase
 * @property {string[]} args
 * @property {{ ratio: number } | { ms: number }} limit Of CPU time, on a quiet machine.
 */

/** @type {readonly StartCase[]} */
const CASES = [
  { args: ["--version"], limit: { ratio: 1.3 } },
  { args: ["--help"], limit: { ratio: 1.3 } },
  { args: ["run", "hello"], limit: { ms: 500 } },
];

const options = new Command("bench:startup")
  .option("--pairs <n>", "pairs of runs of each command, rounded up to an even number", positive, 20)
  .option("--json", "print one JSON document; what is meant for people goes to the standard error")
  .option("--out <file>", "write the JSON document to a file")
  .parse()
  .opts();
const { pairs } = options;
const say = sayer(options.json);

await runMain(async () => {
  say(`${pairs} pairs of processes by turns; medians; CPU time is that of all threads`);
  say("ratio: median of the pairs' ratios to `node -e 0`\n");
  const table = new Table([
    ["command", nameWidth(CASES.map(nameOf))],
    ["bare CPU ms", 11],
    ["CPU ms", 6],
    ["ratio", 6],
    ["95 %", 12],
    ["wall ratio", 10],
    ["limit", 6],
    ["", 5],
  ]);
  say(table.head());
  const results = [];
  for (const start of CASES) {
    const result = await measureStart(start);
    results.push(result);
    say(table.row(cells(result)));
  }
  say(tooFew(Math.min(...results.map(({ samples }) => samples.bare.length)), "pairs"));
  emit({ schema: "heddle.bench-startup/1", ...machine(), pairs, results }, options);
});

/** @param {StartCase} start */
async function measureStart(start) {
  const name = nameOf(start);
  const args = { a: BARE, b: [`${OWN_DIST}/cli/main.js`, ...start.args] };
  // The first run writes the compiled code that later ones read.
  runProgram(name, args.b);
  const { a, b } = await alternate({ runs: pairs, seconds: 0 }, async (side) => runProgram(name, args[side]));
  const cpuNs = { bare: a.map(cpuOf), command: b.map(cpuOf) };
  return {
    name,
    limit: start.limit,
    cpuMs: { bare: median(cpuNs.bare) / 1e6, command: median(cpuNs.command) / 1e6 },
    ratio: pairedRatio(cpuNs.bare, cpuNs.command),
    wallRatio: pairedRatio(a.map(wallOf), b.map(wallOf)),
    samples: { bare: a, command: b },
  };
}

/** @param {StartCase} start */
function nameOf({ args }) {
  return `heddle ${args.join(" ")}`;
}

/** @param {import("./clock.mjs").Sample} sample */
function cpuOf({ cpuNs }) {
  return cpuNs;
}

/** @param {import("./clock.mjs").Sample} sample */
function wallOf({ wallNs }) {
  return wallNs;
}

/** @param {Awaited<ReturnType<typeof measureStart>>} result */
function cells({ name, limit, cpuMs, ratio, wallRatio }) {
  const isWithin = "ratio" in limit ? ratio.value <= limit.ratio : cpuMs.command <= limit.ms;
  return [
    name,
    cpuMs.bare.toFixed(0),
    cpuMs.command.toFixed(0),
    times(ratio.value),
    within(ratio),
    times(wallRatio.value),
    "ratio" in limit ? String(limit.ratio) : `${limit.ms} ms`,
    isWithin ? "holds" : "ABOVE",
  ];
}
