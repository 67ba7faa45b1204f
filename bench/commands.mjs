// Whole commands: what a user waits for, from the start of the process to its end.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "./statistics.mjs";

/**
 * @typedef {object} CommandCase
 * @property {string} name
 * @property {(folder: string) => string[]} prepare Writes its files; returns the arguments.
 */

/** @typedef {import("./clock.mjs").Sample} Sample */

/**
 * @typedef {object} CommandResult
 * @property {string} name
 * @property {Sample[]} samples
 * @property {{ min: number, median: number }} cpuMs
 * @property {{ min: number, median: number }} wallMs
 */

/** Ranks of the lists of flows. */
const LISTED = 32768;

/** @param {number} gpus @param {number} [tiers] */
const fabric = (gpus, tiers = 2) => `{ kind: fat-tree, gpus: ${gpus}, radix: 64, tiers: ${tiers}, scaleUp: false }`;

/** @param {string} name @param {string} text @param {(file: string) => string[]} command */
function ofText(name, text, command) {
  return {
    name,
    prepare: (/** @type {string} */ folder) => {
      const file = join(folder, "scenario.yaml");
      writeFileSync(file, text);
      return command(file);
    },
  };
}

/** @param {string} file */
const run = (file) => ["run", file, "--json", "--quiet", "--threads", "1"];
/** @param {string} file */
const validate = (file) => ["validate", file];

/** A shift by 1,000 ranks, as a list. @param {(src: number, dst: number) => string} row */
function rows(row) {
  return Array.from({ length: LISTED }, (_, src) => row(src, (src + 1000) % LISTED)).join("\n");
}

/** @param {string} workload */
const listed = (workload) => `version: 1\ntopology: ${fabric(LISTED, 3)}\nworkload:\n  kind: flows\n${workload}\n`;

/** @type {readonly CommandCase[]} */
export const COMMANDS = [
  { name: "command: run hello", prepare: () => run("hello") },
  ofText(
    "command: run 64 GPUs",
    "version: 1\ntopology: { kind: leaf-spine, gpus: 64 }\nworkload: { kind: collective, size: 1MiB }\n",
    run,
  ),
  ofText(
    "command: run permutation-128 8MiB",
    `version: 1\ntopology: ${fabric(128)}\nworkload: { kind: flows, pattern: permutation, size: 8MiB }\n`,
    (file) => [...run(file), "--no-fast-forward"],
  ),
  ofText(
    "command: validate 32,768 flows in YAML",
    listed(`  flows:\n${rows((src, dst) => `    - { src: ${src}, dst: ${dst}, size: 1MiB }`)}`),
    validate,
  ),
  ofText(
    "command: validate 32,768 flows in YAML blocks",
    listed(`  flows:\n${rows((src, dst) => `    - src: ${src}\n      dst: ${dst}\n      size: 1MiB`)}`),
    validate,
  ),
];

/**
 * The command of a build, again and again.
 * @param {string} dist
 * @param {CommandCase} command
 * @param {number} runs
 * @returns {CommandResult}
 */
export function measureCommand(dist, { name, prepare }, runs) {
  const folder = mkdtempSync(join(tmpdir(), "heddle-bench-"));
  try {
    const args = [resolve(dist, "cli/main.js"), ...prepare(folder)];
    runProgram(name, args);
    const samples = Array.from({ length: runs }, () => runProgram(name, args));
    return { name, samples, cpuMs: summary(samples, "cpuNs"), wallMs: summary(samples, "wallNs") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const PRELOAD = fileURLToPath(new URL("./child-cpu.cjs", import.meta.url));

/**
 * A process of Node with these arguments, from its start to its end.
 * @param {string} name What a message calls it.
 * @param {readonly string[]} args
 * @returns {Sample}
 */
export function runProgram(name, args) {
  const from = process.hrtime.bigint();
  const { status, stderr, output } = spawnSync(process.execPath, ["--require", PRELOAD, ...args], {
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  const wallNs = Number(process.hrtime.bigint() - from);
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
  return { cpuNs: Number(output[3]), wallNs };
}

/** @param {readonly Sample[]} samples @param {"cpuNs" | "wallNs"} key */
function summary(samples, key) {
  const ms = samples.map((sample) => sample[key] / 1e6);
  return { min: Math.min(...ms), median: median(ms) };
}
