/** A sweep as a Slurm job array: what it asks for, and its scripts. */
import { pointsOfShard } from "../batch/shard.js";
import { workSeconds } from "../batch/work.js";
import type { PlannedPoint } from "../sweep/manifest.js";

export interface ArrayOptions {
  /** Points at a time in a shard, a core each. */
  readonly workers: number;
  /** In place of as many as take `shardSeconds` each. */
  readonly shards?: number;
  readonly shardSeconds: number;
  /** Most entries of an array; more shards than that cannot be. */
  readonly maxArraySize: number;
  /** In place of what the plan's estimates come to. */
  readonly timeMinutes?: number;
  readonly memoryMb?: number;
}

/** What a shard's task asks for. */
export interface ArrayPlan {
  readonly shards: number;
  readonly workers: number;
  readonly timeMinutes: number;
  readonly memoryMb: number;
  /** What points may take together: the rest is the program's own. */
  readonly pointsMb: number;
}

/** Estimates of time are of one machine; another may be slower, or shared. */
const TIME_MARGIN = 3;
const MIN_MINUTES = 5;
const MEMORY_MARGIN = 1.25;
/** Node, the libraries, and what each worker holds without a run. */
const PROGRAM_MB = 256;
const WORKER_MB = 96;
const MB = 2 ** 20;

/** @param points of the sweep, each once */
export function planArray(points: readonly PlannedPoint[], options: ArrayOptions): ArrayPlan {
  const { workers, maxArraySize } = options;
  const wanted = options.shards ?? Math.ceil(workSeconds(points) / workers / options.shardSeconds);
  const shards = Math.max(1, Math.min(wanted, maxArraySize, points.length));
  const seconds = Array.from({ length: shards }, (_, index) => {
    const mine = pointsOfShard(points, { index, count: shards });
    // The longest point bounds a shard from below, however many workers there are.
    return Math.max(workSeconds(mine) / workers, workSeconds(mine.slice(0, 1)));
  });
  const largest = points.map(({ estimate }) => estimate.memoryBytes).sort((a, b) => b - a);
  const together = largest.slice(0, workers).reduce((sum, bytes) => sum + bytes, 0);
  const pointsMb = Math.ceil((together * MEMORY_MARGIN) / MB);
  return {
    shards,
    workers,
    timeMinutes: options.timeMinutes ?? MIN_MINUTES + Math.ceil((TIME_MARGIN * Math.max(...seconds)) / 60),
    memoryMb: options.memoryMb ?? pointsMb + PROGRAM_MB + workers * WORKER_MB,
    pointsMb: Math.max(
      1,
      options.memoryMb === undefined ? pointsMb : options.memoryMb - PROGRAM_MB - workers * WORKER_MB,
    ),
  };
}

export interface ScriptOptions {
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  /** The program and its first arguments, absolute. */
  readonly program: readonly string[];
  /** Options of sbatch, as they are: `--qos=low`. */
  readonly extra: readonly string[];
}

/** The array: `indices` are those shards that have something left to do. */
export function arrayScript(
  plan: ArrayPlan,
  indices: readonly number[],
  maxRunning: number | undefined,
  options: ScriptOptions,
): string {
  const { shards, workers, timeMinutes, memoryMb, pointsMb } = plan;
  const atMost = maxRunning === undefined ? "" : `%${maxRunning}`;
  return script(
    [
      `--job-name=heddle-${options.name}`,
      `--array=${formatIndices(indices)}${atMost}`,
      `--cpus-per-task=${workers}`,
      `--mem=${memoryMb}M`,
      `--time=${timeMinutes}`,
      "--requeue",
      "--open-mode=append",
      "--signal=B:TERM@60",
      `--output=${quoted(`${options.folder}/slurm/%x-%A_%a.log`)}`,
      ...options.extra,
    ],
    // The shell becomes the program, so that signals come to it.
    ["sweep", "run", options.folder, "--sweep", options.name, "--shards", `${shards}`].concat([
      "--workers",
      `${workers}`,
      "--memory",
      `${pointsMb}MiB`,
      "--requeue",
    ]),
    options,
  );
}

/** Runs when all shards have ended, however: what is missing is then said. */
export function mergeScript(options: ScriptOptions): string {
  return script(
    [
      `--job-name=heddle-${options.name}-merge`,
      "--time=30",
      "--mem=1024M",
      "--requeue",
      "--open-mode=append",
      `--output=${quoted(`${options.folder}/slurm/%x-%j.log`)}`,
      ...options.extra,
    ],
    ["sweep", "merge", options.folder, "--sweep", options.name],
    options,
  );
}

function script(settings: readonly string[], args: readonly string[], { program }: ScriptOptions): string {
  const directives = settings.map((setting) => `#SBATCH ${setting}\n`).join("");
  return `#!/bin/sh\n${directives}\nexec ${[...program, ...args].map(shellWord).join(" ")}\n`;
}

/** A path in a directive, which no shell reads. */
function quoted(path: string): string {
  return /[\s#]/.test(path) ? `"${path}"` : path;
}

/** `0-3,7`. @param indices ascending */
export function formatIndices(indices: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const index of indices) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === index - 1) last[1] = index;
    else ranges.push([index, index]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(",");
}

export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
