// npm run bench:collectives -- [--help]: what it takes to build the flow graph of each collective
// by each algorithm, each in a process of its own: CPU time, and the most memory beyond the
// fabric's.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Command } from "commander";
import { emit, machine, positive, runMain, sayer } from "./arguments.mjs";
import { OWN_DIST } from "./build.mjs";
import { Table } from "./report.mjs";

const options = new Command("bench:collectives")
  .option("--gpus <n>", "ranks, a multiple of 8", positive, 32_768)
  .option("--size <size>", "bytes of each rank's buffer", "1GiB")
  .option("--only <text>", "collectives and algorithms whose names contain this")
  .option("--one <name>", "builds this one only, in this process: collective/algorithm")
  .option("--json", "print one JSON document; what is meant for people goes to the standard error")
  .option("--out <file>", "write the JSON document to a file")
  .parse()
  .opts();
const say = sayer(options.json);
const load = (path) => import(pathToFileURL(join(OWN_DIST, path)).href);

/** Builds one flow graph, and says what it took. */
async function build(name) {
  const [collective, algorithm] = name.split("/");
  const [{ parseScenario }, { buildFabric }, { buildFlows }] = await Promise.all(
    ["scenario/parse/parse.js", "build/topology/index.js", "build/collective/index.js"].map(load),
  );
  const isSized = collective !== "barrier";
  const { scenario } = parseScenario({
    version: 1,
    topology: { kind: "rail-optimized", gpus: options.gpus, gpusPerNode: 8, radix: 64, tiers: 3 },
    workload: { kind: "collective", collective, algorithm, ...(isSized && { size: options.size }) },
  });
  const fabric = buildFabric(scenario);
  globalThis.gc?.();
  const [usage, memory] = [process.cpuUsage(), process.memoryUsage().rss];
  const { flows } = buildFlows(scenario, fabric);
  const { user, system } = process.cpuUsage(usage);
  return {
    ...{ collective, algorithm, flows: flows.count, dependencies: flows.upFlow.length },
    seconds: (user + system) / 1e6,
    mebibytes: Math.max(0, process.resourceUsage().maxRSS * 1024 - memory) / 2 ** 20,
  };
}

/** The result of one in a process of its own, or why it is refused. */
function buildApart(name) {
  const self = fileURLToPath(import.meta.url);
  const more = ["--gpus", `${options.gpus}`, "--size", options.size, "--one", name];
  try {
    return JSON.parse(execFileSync(process.execPath, ["--expose-gc", self, ...more], { stdio: "pipe" }));
  } catch (cause) {
    const [collective, algorithm] = name.split("/");
    const refused = String(cause.stderr).match(/Error: (.*)/)?.[1] ?? String(cause);
    return { collective, algorithm, refused };
  }
}

async function names() {
  const { COLLECTIVES } = await load("plan/collectives.js");
  return Object.entries(COLLECTIVES)
    .flatMap(([collective, { algorithms }]) => algorithms.map((algorithm) => `${collective}/${algorithm}`))
    .filter((name) => name.includes(options.only ?? ""));
}

async function main() {
  const table = new Table([
    ["collective/algorithm", 34],
    ["flows", 9],
    ["waits", 9],
    ["s", 6],
    ["MiB", 6],
  ]);
  say(`flow graphs over ${options.gpus} ranks, 8 to a node, of ${options.size}\n`);
  say(table.head());
  const results = [];
  for (const name of await names()) {
    const result = buildApart(name);
    results.push(result);
    const { flows, dependencies, seconds, mebibytes, refused } = result;
    const cells = refused ? ["refused", "", "", ""] : [flows, dependencies, seconds.toFixed(2), mebibytes.toFixed(0)];
    say(table.row([name, ...cells.map(String)]));
  }
  await emit({ machine: machine(), gpus: options.gpus, size: options.size, results }, options);
}

if (options.one === undefined) await runMain(main);
else console.log(JSON.stringify(await build(options.one)));
