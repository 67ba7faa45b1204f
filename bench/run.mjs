// npm run bench -- [--json] [--only TEXT] [--runs N]: packet-hops per second of CPU time of one thread, on fixed scenarios.

import { Command } from "commander";
import { Bench } from "tinybench";
import { CoreRun } from "../dist/core/run.js";
import { parseScenario } from "../dist/index.js";
import { resolvePlan } from "../dist/plan/resolve.js";
import { calibrate } from "./calibration.mjs";
import { SCENARIOS } from "./scenarios.mjs";

const options = new Command("bench")
  .option("--json", "print one JSON document")
  .option("--only <text>", "scenarios whose name contains this")
  .option("--runs <n>", "counted runs of each scenario", "3")
  .parse()
  .opts();

/** CPU time of the process in ms: what the other tenants of the machine do counts less than by the clock. */
function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function measure(raw) {
  const { plan } = resolvePlan(parseScenario(raw).scenario);
  let run;
  let figures;
  const bench = new Bench({
    now: cpuMs,
    iterations: Number(options.runs),
    time: 0,
    warmup: true,
    warmupIterations: 1,
    warmupTime: 0,
    retainSamples: true,
  });
  bench.add(
    raw.name,
    () => {
      while (run.advance(1e7));
    },
    {
      beforeEach: async () => {
        run = await CoreRun.start(plan);
      },
      afterEach: () => {
        const outcome = run.outcome();
        if (outcome.status !== "finished") throw new Error(`${raw.name}: ${outcome.status}`);
        figures = { ...run.figures(), totals: outcome.totals, digest: run.digest(outcome), endPs: outcome.endPs };
        run = undefined;
      },
    },
  );
  await bench.run();
  const [task] = bench.tasks;
  if (task.result.state !== "completed") throw task.result.error ?? new Error(`${raw.name}: ${task.result.state}`);
  const samples = task.result.latency.samples.toSorted((a, b) => a - b);
  const { hops, dataHops, pausesSent } = figures.totals;
  const nsPerHop = (ms) => (ms * 1e6) / hops;
  return {
    name: raw.name,
    hops,
    dataShare: dataHops / hops,
    nsPerHop: { min: nsPerHop(samples[0]), median: nsPerHop(samples[Math.floor(samples.length / 2)]) },
    hopsPerCpuSecond: hops / (samples[0] / 1000),
    pauses: pausesSent,
    memoryBytes: figures.memoryBytes,
    bytesPerHost: figures.memoryBytes / plan.fabric.nics.count,
    windows: figures.windows,
    simulatedUs: figures.endPs / 1e6,
    digest: figures.digest,
  };
}

const calibration = await calibrate();
const say = options.json ? () => {} : console.log;
say(
  `calibration: ${calibration.missNs.toFixed(1)} ns per dependent cache miss, ${calibration.hashNs.toFixed(2)} ns per 32-bit hash`,
);
say("one thread, CPU time; best (median) of the runs; a packet-hop is any packet crossing one link\n");
say(
  `${"scenario".padEnd(42)} ${"hops".padStart(9)} ${"data".padStart(5)} ${"ns/hop".padStart(14)} ${"M hops/s".padStart(9)} ${"MB".padStart(6)} ${"B/host".padStart(7)} ${"pauses".padStart(7)}`,
);
const results = [];
for (const raw of SCENARIOS) {
  if (options.only !== undefined && !raw.name.includes(options.only)) continue;
  const r = await measure(raw);
  results.push(r);
  const ns = `${r.nsPerHop.min.toFixed(1)} (${r.nsPerHop.median.toFixed(1)})`;
  say(
    `${r.name.padEnd(42)} ${`${(r.hops / 1e6).toFixed(1)}M`.padStart(9)} ${`${(100 * r.dataShare).toFixed(0)}%`.padStart(5)} ${ns.padStart(14)} ${(r.hopsPerCpuSecond / 1e6).toFixed(1).padStart(9)} ${(r.memoryBytes / 1e6).toFixed(0).padStart(6)} ${r.bytesPerHost.toFixed(0).padStart(7)} ${String(r.pauses).padStart(7)}`,
  );
}
if (options.json) console.log(JSON.stringify({ calibration, node: process.version, results }, null, 2));
