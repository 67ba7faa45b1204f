// npm run bench:warm -- [--help]: many short simulations in one process, warm and cold, and the
// example that makes 10,560 of them.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { emit, machine, positive, runMain, sayer } from "./arguments.mjs";
import { nameWidth, Table } from "./report.mjs";

const EXAMPLE = fileURLToPath(new URL("../examples/embedded-decode/main.mjs", import.meta.url));
const PRELOAD = fileURLToPath(new URL("./child-cpu.cjs", import.meta.url));
const EXAMPLE_CALLS = 220 * 48;
/** Calls before the first one that counts. */
const WARM_UP = 300;

const options = new Command("bench:warm")
  .option("--calls <n>", "calls of each kind", positive, 2000)
  .option("--json", "print one JSON document; what is meant for people goes to the standard error")
  .option("--out <file>", "write the JSON document to a file")
  .parse()
  .opts();
const say = sayer(options.json);

/** The all-reduce of a decode step. @param {number} bytes */
const scenarioOf = (bytes) => ({
  topology: { kind: "leaf-spine", gpus: 8, gpusPerNode: 1, radix: 8 },
  workload: { kind: "collective", algorithm: "ring", size: `${bytes}B` },
});

await runMain(async () => {
  const { simulate, Simulator } = await import("../dist/index.js");
  const warm = new Simulator();
  const remembering = new Simulator({ remember: true });
  const decode = scenarioOf(65536);
  const kinds = [
    { name: "simulate(), not warm", call: () => simulate(decode) },
    {
      name: "simulator.time(), a new size each",
      call: (/** @type {number} */ i) => warm.time(scenarioOf(65536 + 64 * i)),
    },
    { name: "simulator.simulate(), warm", call: () => warm.simulate(decode) },
    { name: "simulator.time(), warm", call: () => warm.time(decode) },
    { name: "simulator.time(), remembered", call: () => remembering.time(decode) },
  ];
  const names = [...kinds.map(({ name }) => name), "example: embedded-decode"];
  const table = new Table([
    ["64 KiB on 8 ranks", nameWidth(names)],
    ["calls", 6],
    ["cpu ms", 8],
    ["wall ms", 8],
    ["p50", 8],
    ["p99", 8],
  ]);
  say(table.head());
  const results = [];
  for (const { name, call } of kinds) {
    const result = { name, ...(await measure(call)) };
    results.push(result);
    say(table.row(cells(result)));
  }
  const whole = { name: "example: embedded-decode", ...runExample() };
  say(table.row(cells(whole)));
  emit({ schema: "heddle.bench-warm/1", ...machine(), results: [...results, whole] }, options);
});

/** Times of one call, in ms. @param {(i: number) => Promise<unknown>} call */
async function measure(call) {
  for (let i = 0; i < WARM_UP; i++) await call(i);
  const times = [];
  const before = process.cpuUsage();
  for (let i = 0; i < options.calls; i++) {
    const fromMs = performance.now();
    await call(WARM_UP + i);
    times.push(performance.now() - fromMs);
  }
  const { user, system } = process.cpuUsage(before);
  const { length } = times;
  const wallMs = times.reduce((sum, ms) => sum + ms, 0) / length;
  times.sort((a, b) => a - b);
  const at = (/** @type {number} */ share) => times[Math.floor(share * length)] ?? Number.NaN;
  return { calls: length, cpuMs: (user + system) / 1000 / length, wallMs, p50Ms: at(0.5), p99Ms: at(0.99) };
}

/** The whole process of the example, by call. */
function runExample() {
  const from = process.hrtime.bigint();
  const { status, stderr, output } = spawnSync(process.execPath, ["--require", PRELOAD, EXAMPLE], {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const wallMs = Number(process.hrtime.bigint() - from) / 1e6 / EXAMPLE_CALLS;
  if (status !== 0) throw new Error(`the example ended with ${status}: ${stderr}`);
  return { calls: EXAMPLE_CALLS, cpuMs: Number(output[3]) / 1e6 / EXAMPLE_CALLS, wallMs };
}

/**
 * @typedef {{ name: string, calls: number, cpuMs: number, wallMs: number }} Times
 * @param {Times & { p50Ms?: number, p99Ms?: number }} result
 */
function cells({ name, calls, cpuMs, wallMs, p50Ms, p99Ms }) {
  const ms = (/** @type {number | undefined} */ value) => value?.toFixed(3) ?? "";
  return [name, String(calls), ms(cpuMs), ms(wallMs), ms(p50Ms), ms(p99Ms)];
}
