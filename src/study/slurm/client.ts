/** Slurm's own commands. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { HeddleError } from "../../util/heddle-error.js";

/** A command of Slurm is not there, or refused. */
export class SlurmError extends HeddleError {
  override readonly name = "SlurmError";
  readonly code = "HEDDLE_SLURM";
}

const run = promisify(execFile);
const LARGEST_OUTPUT = 2 ** 26;

async function slurm(command: string, args: readonly string[]): Promise<string> {
  try {
    return (await run(command, [...args], { maxBuffer: LARGEST_OUTPUT })).stdout;
  } catch (cause) {
    const { code, stderr = "" } = cause as { code?: unknown; stderr?: string };
    if (code === "ENOENT") throw new SlurmError(`${command} is not on this machine; submit where Slurm is`);
    const said = stderr.trim().split("\n").at(-1);
    throw new SlurmError(`${command} failed: ${said === undefined || said === "" ? (cause as Error).message : said}`);
  }
}

/** Most entries of an array (slurm.conf: MaxArraySize). @throws SlurmError */
export async function maxArraySize(): Promise<number> {
  const [, size] = /^MaxArraySize\s*=\s*(\d+)/m.exec(await slurm("scontrol", ["show", "config"])) ?? [];
  if (size === undefined) throw new SlurmError("scontrol show config does not tell MaxArraySize");
  return Number(size);
}

/** @returns the job's id. @throws SlurmError */
export async function submit(script: string, args: readonly string[] = []): Promise<string> {
  const said = (await slurm("sbatch", ["--parsable", ...args, script])).trim();
  // On several clusters it is id;cluster.
  const [, id] = /^(\d+)(;\S+)?$/.exec(said.split("\n").at(-1)!) ?? [];
  if (id === undefined) throw new SlurmError(`sbatch said ${JSON.stringify(said)}, which is no job`);
  return id;
}

/**
 * Puts a task of an array that is running back into the queue; one that is being cancelled stays
 * cancelled. Slurm ends its processes.
 * @param task `<array>_<index>`: the number of a job may be that of its whole array
 * @throws SlurmError
 */
export async function requeueTask(task: string): Promise<void> {
  await slurm("scontrol", ["requeue", "incomplete", task]);
}

/** State of each task of an array that has not ended, by index. @throws SlurmError */
export async function taskStates(job: string): Promise<Map<number, string>> {
  const states = new Map<number, string>();
  let text: string;
  try {
    text = await slurm("squeue", ["--noheader", "--array", `--jobs=${job}`, "--format=%K %T"]);
  } catch (error) {
    // A job that ended some time ago is not known any more.
    if (error instanceof SlurmError && /invalid job id/i.test(error.message)) return states;
    throw error;
  }
  for (const [, index, state] of text.matchAll(/^(\d+) (\w+)$/gm)) states.set(Number(index), state!);
  return states;
}
