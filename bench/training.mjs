// npm run bench:training -- [--help]: simulated training steps per minute, from the start of the
// command to its end, on 64 to 16,384 GPUs.
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { emit, machine, positive, runMain, sayer } from "./arguments.mjs";
import { OWN_DIST } from "./build.mjs";
import { nameWidth, Table } from "./report.mjs";

/** Examples, with what is changed of them. */
const STEPS = [
  { name: "GPT-3 175B, 64 GPUs", gpus: 64, args: ["gpt-3-175b-64"] },
  { name: "GPT-3 175B, 1,024 GPUs", gpus: 1024, args: ["gpt-3-175b-1k"] },
  { name: "Llama 3 405B, 8,192 GPUs", gpus: 8192, args: ["llama-3-405b-16k", "--set", "topology.gpus=8192"] },
  { name: "Llama 3 405B, 16,384 GPUs", gpus: 16384, args: ["llama-3-405b-16k"] },
];

const options = new Command("bench:training")
  .option("--gpus <n>", "no more GPUs than these", positive, 16384)
  .option("--threads <n>", "threads of a run", positive, 2)
  .option("--set <path=value...>", "values of the scenarios that are changed", [])
  .option("--json", "print one JSON document; what is meant for people goes to the standard error")
  .option("--out <file>", "write the JSON document to a file")
  .parse()
  .opts();
const say = sayer(options.json);
const PRELOAD = fileURLToPath(new URL("./child-cpu.cjs", import.meta.url));

await runMain(() => {
  const chosen = STEPS.filter(({ gpus }) => gpus <= options.gpus);
  if (chosen.length === 0) throw new Error("no step is that small: 64 GPUs at least");
  const names = chosen.map(({ name }) => name);
  const table = new Table([
    ["step", nameWidth(names)],
    ["steps/min", 9],
    ["wall s", 7],
    ["cpu s", 7],
    ["MiB", 6],
    ["G hops", 8],
    ["simulated", 9],
    ["step s", 7],
    ["digest", 16],
  ]);
  say(table.head());
  const results = chosen.map((step) => {
    const result = run(step);
    say(table.row(cells(result)));
    return result;
  });
  emit({ schema: "heddle.bench-training/1", ...machine(), results }, options);
});

/** @param {{ name: string, gpus: number, args: string[] }} step */
function run({ name, gpus, args }) {
  const set = options.set.flatMap((/** @type {string} */ each) => ["--set", each]);
  const command = [resolve(OWN_DIST, "cli/main.js"), "run", ...args, ...set];
  const from = process.hrtime.bigint();
  const { status, stderr, stdout, output } = spawnSync(
    process.execPath,
    ["--require", PRELOAD, ...command, "--threads", String(options.threads), "--json", "--quiet"],
    { stdio: ["ignore", "pipe", "pipe", "pipe"], maxBuffer: 2 ** 30 },
  );
  const wallMs = Number(process.hrtime.bigint() - from) / 1e6;
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
  const { training, engine } = JSON.parse(stdout.toString());
  const { fastForward, packetHops, peakMemoryBytes, digest } = engine;
  return {
    ...{ name, gpus, wallMs, cpuMs: Number(output[3]) / 1e6, stepsPerMinute: 60_000 / wallMs },
    ...{ stepNs: training.stepNs, peakMemoryBytes, packetHops, digest },
    ...{ simulatedHops: packetHops - fastForward.skippedPacketHops, fastForward },
  };
}

/** @param {ReturnType<typeof run>} result */
function cells({ name, stepsPerMinute, wallMs, cpuMs, peakMemoryBytes, packetHops, simulatedHops, stepNs, digest }) {
  return [
    name,
    stepsPerMinute.toFixed(2),
    (wallMs / 1000).toFixed(1),
    (cpuMs / 1000).toFixed(1),
    (peakMemoryBytes / 2 ** 20).toFixed(0),
    (packetHops / 1e9).toFixed(2),
    `${(simulatedHops / 1e6).toFixed(0)} M`,
    (stepNs / 1e9).toFixed(3),
    digest,
  ];
}
