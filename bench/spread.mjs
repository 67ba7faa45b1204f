// node bench/spread.mjs [--help]: how evenly the work of windows would spread over many threads,
// derived from one thread's run: what each device sends in each window, dealt out as the core deals
// it out. No run with that number of threads is made.
import { Command } from "commander";
import { emit, machine, runMain, sayer } from "./arguments.mjs";
import { loadBuild, OWN_DIST } from "./build.mjs";
import { percent, Table } from "./report.mjs";
import { SCENARIOS } from "./scenarios.mjs";
import { dealOut } from "./spread-model.mjs";

const COUNTS = [1, 2, 4, 8, 16, 32, 64];
/** Devices that a thread takes at a time: today's, and finer ones. */
const GRAINS = [64, 32, 16, 8];

const options = new Command("bench:spread")
  .option("--only <name>", "the scenario", "permutation-32768 adaptive pfc ack 1")
  .option("--size <size>", "another size of its messages, e.g. 256KiB")
  .option("--json", "print one JSON document; what is meant for people goes to the standard error")
  .option("--out <file>", "write the JSON document to a file")
  .parse()
  .opts();
const say = sayer(options.json);

await runMain(async () => {
  const found = SCENARIOS.find(({ name }) => name === options.only);
  if (found === undefined) throw new Error("no such scenario; see npm run bench -- --list");
  const raw = /** @type {any} */ (found);
  const workload = { ...raw.workload, ...(options.size && { size: options.size }) };
  const build = await loadBuild(OWN_DIST);
  const { plan } = build.resolvePlan(build.parseScenario({ ...raw, workload }).scenario);
  const { visitOrders } = await import("../dist/engine/core/partition.js");
  const windows = await workOfWindows(build, plan);
  say(`${options.only}${options.size ? ` with ${options.size}` : ""}: ${windows.length} windows`);
  say("derived: mean work of a thread over that of the busiest one, in bytes sent, summed over windows\n");
  const table = new Table([["threads", 7], ...GRAINS.map((grain) => /** @type {const} */ ([`by ${grain}`, 7]))]);
  say(table.head());
  const results = [];
  for (const threads of COUNTS) {
    const orders = visitOrders(plan.fabric, threads);
    const efficiency = GRAINS.map((grain) => {
      let [sum, busiest] = [0, 0];
      for (const work of windows) {
        const loads = dealOut(work, orders, grain);
        sum += loads.reduce((total, load) => total + load, 0);
        busiest += Math.max(...loads);
      }
      return sum / threads / busiest;
    });
    results.push({ threads, efficiency: Object.fromEntries(GRAINS.map((grain, i) => [grain, efficiency[i]])) });
    say(table.row([String(threads), ...efficiency.map(percent)]));
  }
  emit(
    { schema: "heddle.bench-spread/1", ...machine(), scenario: options.only, windows: windows.length, results },
    options,
  );
});

/**
 * By window, what each device sends: bytes on the wire.
 * @param {any} build @param {any} plan @returns {Promise<Float64Array[]>}
 */
async function workOfWindows(build, plan) {
  const { Port, PORT_BYTES, Run } = await import("../dist/engine/core/layout.js");
  const run = await build.CoreRun.start(plan, { fastForward: false });
  const { memory, header } = run.core;
  const { deviceCount, firstPort } = plan.fabric;
  const sent = new Float64Array(deviceCount);
  const windows = [];
  for (let goesOn = true; goesOn; ) {
    // One window: the call ends with the first packet-hop.
    goesOn = run.advance(1);
    const words = new Uint32Array(memory.memory.buffer);
    const ports = memory.get(header, Run.ports);
    const work = new Float64Array(deviceCount);
    for (let device = 0; device < deviceCount; device++) {
      let bytes = 0;
      for (let port = firstPort[device]; port < firstPort[device + 1]; port++) {
        const at = (ports + port * PORT_BYTES + Port.txBytes.offset) >>> 2;
        bytes += words[at] + words[at + 1] * 2 ** 32;
      }
      work[device] = bytes - sent[device];
      sent[device] = bytes;
    }
    if (work.some((bytes) => bytes > 0)) windows.push(work);
  }
  await run.close();
  return windows;
}
