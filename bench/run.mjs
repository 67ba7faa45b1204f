// npm run bench -- [--help]: packet-hops per second on fixed scenarios; CPU time of one thread, or
// the clock's with several.
import { Command } from "commander";
import { duel, overall } from "./against.mjs";
import { emit, machine, positive, runMain, sayer } from "./arguments.mjs";
import { loadBuild, OWN_DIST } from "./build.mjs";
import { Calibrator } from "./calibration.mjs";
import { clockOf } from "./clock.mjs";
import { COMMANDS, measureCommand } from "./commands.mjs";
import { measure } from "./measure.mjs";
import {
  CHANGED,
  calibrationLine,
  commandCells,
  commandTable,
  duelCells,
  duelTable,
  resultCells,
  resultTable,
  times,
  tooFew,
  within,
} from "./report.mjs";
import { QUICK, SCENARIOS } from "./scenarios.mjs";

const options = new Command("bench")
  .option("--only <text>", "scenarios whose name contains this")
  .option("--quick", "a choice of scenarios that takes about a minute")
  .option("--runs <n>", "counted runs of each scenario, at least", positive, 6)
  .option("--seconds <s>", "time of all counted runs of a scenario, at least", positive, 3)
  .option("--threads <n>", "threads of a run; with more than one, time is taken by the clock", positive, 1)
  .option("--against <dist>", "run another build by turns with this one, and report how much longer this one takes")
  .option("--json", "print one JSON document; what is meant for people goes to the standard error")
  .option("--out <file>", "write the JSON document to a file")
  .option("--list", "list the scenarios")
  .parse()
  .opts();

const say = sayer(options.json);
/** @param {string} name */
const isNamed = (name) => options.only === undefined || name.includes(options.only);
const chosen = SCENARIOS.filter(({ name }) => isNamed(name) && (!options.quick || QUICK.has(name)));
const commands = COMMANDS.filter(({ name }) => isNamed(name) && !options.quick && options.threads === 1);
const names = chosen.map(({ name }) => name);
const commandNames = commands.map(({ name }) => name);
const { runs, seconds, threads } = options;
const clock = clockOf(threads);
const time = clock === "cpu" ? "CPU time" : "wall-clock time";

await runMain(() => {
  if (options.list) return console.log([...names, ...commandNames].join("\n"));
  if (chosen.length + commands.length === 0) throw new Error("no scenario is chosen; see --list");
  return options.against === undefined ? alone() : against(options.against);
});

async function alone() {
  const build = await loadBuild(OWN_DIST);
  const calibrator = await Calibrator.create();
  say(`${threads} thread${threads === 1 ? "" : "s"}, ${time}; best (median) of ${runs} runs or more`);
  say("a packet-hop is any packet crossing one link\n");
  const table = resultTable(names);
  if (chosen.length > 0) say(table.head());
  const results = [];
  for (const raw of chosen) {
    calibrator.probe();
    const result = await measure(build, raw, { runs, seconds, threads });
    results.push(result);
    say(table.row(resultCells(result)));
  }
  calibrator.probe();
  const wholeCommands = runCommands();
  const { calibration } = calibrator;
  say(`\ncalibration: ${calibrationLine(calibration)}`);
  emit(
    { schema: "heddle.bench/1", ...machine(), threads, clock, calibration, results, commands: wholeCommands },
    options,
  );
}

/** Whole commands, each a process of its own: CPU time of all its threads, and the clock's. */
function runCommands() {
  if (commands.length === 0) return [];
  const table = commandTable(commandNames);
  say(`\n${table.head()}`);
  return commands.map((command) => {
    const result = measureCommand(OWN_DIST, command, runs);
    say(table.row(commandCells(result)));
    return result;
  });
}

/** @param {string} dist */
async function against(dist) {
  const [a, b] = [await loadBuild(dist), await loadBuild(OWN_DIST)];
  say(`A: ${dist}; B: this build; ${runs} or more pairs of runs by turns, ${time}`);
  say("B/A: median of the pairs' ratios of time per hop; below 1 this build is faster\n");
  const table = duelTable(names);
  say(table.head());
  const duels = [];
  for (const raw of chosen) {
    const result = await duel(a, b, raw, { runs, seconds, threads });
    duels.push(result);
    say(table.row(duelCells(result)));
  }
  const ratio = overall(duels, clock);
  say(`\ngeometric mean of B/A: ${times(ratio.value)} (${within(ratio)})`);
  say(tooFew(Math.min(...duels.map(({ a }) => a.samples.length)), "pairs"));
  const changed = duels.filter(({ digestChanged }) => digestChanged).map(({ name }) => name);
  if (changed.length > 0) say(`\n${CHANGED} in ${changed.length} of ${duels.length} scenarios: ${changed.join(", ")}`);
  emit({ schema: "heddle.bench-against/1", ...machine(), threads, clock, ratio, results: duels }, options);
}
