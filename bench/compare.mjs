// npm run bench:compare -- A.json B.json: two documents of `npm run bench -- --out FILE`.
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { emit, ratio as parseRatio, runMain, sayer } from "./arguments.mjs";
import { compareDocuments, parseDocument, slowerThan } from "./comparison.mjs";
import { CHANGED, calibrationLine, comparisonCells, comparisonTable, times, tooFew, within } from "./report.mjs";

const command = new Command("bench:compare")
  .argument("<a>", "document of the builds and machine to compare with")
  .argument("<b>", "document of what is judged")
  .option("--fail-above <ratio>", "exit with 1 if a scenario's B/A is above this and its interval above 1", parseRatio)
  .option("--normalised", "judge by the normalised ratios")
  .option("--json", "print one JSON document; what is meant for people goes to the standard error")
  .option("--out <file>", "write the JSON document to a file")
  .parse();

await runMain(() => {
  const options = command.opts();
  const [a, b] = command.args.map((file) => parseDocument(readFileSync(file, "utf8"), file));
  const comparison = compareDocuments(a, b);
  print(a, b, comparison, options);
  const failed = options.failAbove === undefined ? [] : slowerThan(comparison, options.failAbove, options.normalised);
  emit({ ...comparison, failed }, options);
  if (failed.length === 0) return;
  console.error(`slower than ${options.failAbove}: ${failed.join(", ")}`);
  process.exitCode = 1;
});

/**
 * @param {import("./comparison.mjs").BenchDocument} a
 * @param {import("./comparison.mjs").BenchDocument} b
 * @param {import("./comparison.mjs").Comparison} comparison
 * @param {{ json?: boolean, normalised?: boolean }} options
 */
function print(a, b, comparison, { json, normalised = false }) {
  const say = sayer(json);
  const { scenarios, onlyInA, onlyInB, paceRatio } = comparison;
  say(`calibration of A: ${calibrationLine(a.calibration)}`);
  say(`calibration of B: ${calibrationLine(b.calibration)}`);
  say(
    `pace B/A: ${times(paceRatio.value)} (${within(paceRatio)}), geometric mean of both; normalised: B/A divided by it`,
  );
  for (const difference of comparison.differences) say(`A and B differ in ${difference}`);
  say("B/A: median time per hop; below 1 B is faster\n");
  const table = comparisonTable(scenarios.map(({ name }) => name));
  say(table.head());
  for (const scenario of scenarios) say(table.row(comparisonCells(scenario, normalised)));
  for (const name of onlyInA) say(`only in A: ${name}`);
  for (const name of onlyInB) say(`only in B: ${name}`);
  say(tooFew(Math.min(...[...a.results, ...b.results].map(({ samples }) => samples.length)), "runs"));
  const changed = scenarios.filter(({ digestChanged }) => digestChanged).map(({ name }) => name);
  if (changed.length > 0)
    say(`\n${CHANGED} in ${changed.length} of ${scenarios.length} scenarios: ${changed.join(", ")}`);
}
