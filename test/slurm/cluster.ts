/** A Slurm cluster of three nodes on this host, with ports and folders of its own. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { accessSync, constants, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { hostname } from "node:os";
import { delimiter, join } from "node:path";

const NEEDED = ["munged", "slurmctld", "slurmd", "sbatch", "scontrol", "squeue", "sinfo"];
const SYSTEM_FOLDERS = ["/usr/local/sbin", "/usr/sbin", "/sbin"];
export const NODES = ["node1", "node2", "node3"];
const READY_MS = 60_000;

/** Why there can be no cluster here, or undefined. */
export function whyNoCluster(): string | undefined {
  if (process.getuid?.() !== 0) return "only root can run Slurm's daemons";
  const missing = NEEDED.filter((name) => findProgram(name) === undefined);
  return missing.length === 0 ? undefined : `${missing.join(", ")} not installed`;
}

function findProgram(name: string): string | undefined {
  return [...(process.env.PATH ?? "").split(delimiter), ...SYSTEM_FOLDERS]
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

export class Cluster {
  readonly #daemons: ChildProcess[] = [];
  readonly #nodes = new Map<string, ChildProcess>();
  /** With these variables of the environment Slurm's commands speak to this cluster. */
  readonly variables: Record<string, string>;

  private constructor(private readonly dir: string) {
    this.variables = {
      SLURM_CONF: join(dir, "slurm.conf"),
      PATH: `${process.env.PATH}${delimiter}${SYSTEM_FOLDERS.join(delimiter)}`,
    };
  }

  /** Starts all daemons in the foreground, as children of this process. */
  static async start(dir: string): Promise<Cluster> {
    const cluster = new Cluster(dir);
    try {
      await cluster.#start();
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  async #start(): Promise<void> {
    const { dir } = this;
    for (const folder of ["munge", "state", "log", ...NODES.map((node) => `spool-${node}`)]) {
      mkdirSync(join(dir, folder), { mode: 0o755 });
    }
    const key = join(dir, "munge", "key");
    writeFileSync(key, randomBytes(128), { mode: 0o400 });
    const socket = join(dir, "munge", "socket");
    const munge = (name: string) => `--${name === "key" ? "key" : name}-file=${join(dir, "munge", name)}`;
    this.#spawn("munged", [
      "--foreground",
      "--force",
      `--socket=${socket}`,
      ...["key", "pid", "log", "seed"].map(munge),
    ]);
    const [control, ...ports] = await freePorts(1 + NODES.length);
    writeFileSync(join(dir, "slurm.conf"), configOf(dir, socket, control!, ports));
    await until("munged", () => readdirSync(join(dir, "munge")).includes("socket"));
    this.#spawn("slurmctld", ["-D", "-i", "-f", this.variables.SLURM_CONF!]);
    for (const node of NODES) this.#nodes.set(node, this.#spawn("slurmd", ["-D", "-N", node]));
    await until("the nodes", () => this.slurm("sinfo", ["-h", "-o", "%D", "-t", "idle"]).trim() === `${NODES.length}`);
  }

  #spawn(name: string, args: readonly string[]): ChildProcess {
    const child = spawn(findProgram(name)!, args, { env: { ...process.env, ...this.variables }, stdio: "ignore" });
    this.#daemons.push(child);
    return child;
  }

  /** What a command says; empty where it fails. */
  slurm(command: string, args: readonly string[]): string {
    try {
      const env = { ...process.env, ...this.variables };
      return execFileSync(findProgram(command)!, args, { env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    } catch {
      return "";
    }
  }

  /** Processes of jobs on a node. */
  jobsOf(node: string): number[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => {
        const variables = readProcess(pid, "environ").split("\0");
        return (
          variables.includes(`SLURMD_NODENAME=${node}`) && variables.includes(`SLURM_CONF=${this.variables.SLURM_CONF}`)
        );
      });
  }

  /**
   * As if the node lost its power: its daemon, what runs its jobs, and the jobs, without a word.
   */
  killNode(node: string): number {
    const jobs = this.jobsOf(node);
    // The parent of a job's process is the step's daemon.
    const steps = jobs
      .map((pid) => Number(readProcess(pid, "stat").split(") ").at(-1)!.split(" ")[1]))
      .filter(isStepDaemon);
    this.#nodes.get(node)!.kill("SIGKILL");
    for (const pid of new Set([...steps, ...jobs])) kill(pid, "SIGKILL");
    return jobs.length;
  }

  async stop(): Promise<void> {
    for (const node of NODES) for (const pid of this.jobsOf(node)) kill(pid, "SIGKILL");
    for (const child of this.#daemons.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = new Promise((resolve) => child.on("exit", resolve));
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
      await ended;
      clearTimeout(timer);
    }
  }

  /** The daemons' last words, for a test that fails. */
  logs(): string {
    const log = join(this.dir, "log");
    return readdirSync(log)
      .map((name) => `${name}:\n${readFileSync(join(log, name), "utf8").slice(-3000)}`)
      .join("\n");
  }
}

/** Timeouts are as short as Slurm lets them be, so that a lost node is noticed within seconds. */
function configOf(dir: string, socket: string, control: number, ports: readonly number[]): string {
  return `ClusterName=heddle
SlurmctldHost=${hostname()}(127.0.0.1)
SlurmctldPort=${control}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=${socket},cred_expire=5
CredType=cred/munge
StateSaveLocation=${dir}/state
SlurmctldPidFile=${dir}/slurmctld.pid
SlurmdPidFile=${dir}/slurmd-%n.pid
SlurmdSpoolDir=${dir}/spool-%n
SlurmctldLogFile=${dir}/log/slurmctld
SlurmdLogFile=${dir}/log/slurmd-%n
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
MpiDefault=none
SwitchType=switch/none
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_min_interval=100000,batch_sched_delay=0,sched_interval=1,bf_interval=1
SlurmctldTimeout=10
SlurmdTimeout=5
MessageTimeout=3
TCPTimeout=2
KillWait=2
InactiveLimit=0
MinJobAge=300
${NODES.map((node, i) => `NodeName=${node} NodeHostname=${hostname()} NodeAddr=127.0.0.1 Port=${ports[i]} CPUs=1 RealMemory=4000 State=UNKNOWN`).join("\n")}
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
}

export async function until(what: string, isSo: () => boolean, withinMs = READY_MS): Promise<void> {
  const endMs = Date.now() + withinMs;
  while (!isSo()) {
    if (Date.now() > endMs) throw new Error(`waited for ${what} for ${withinMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Ports that nobody listened at a moment ago. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function isStepDaemon(pid: number): boolean {
  return pid > 1 && readProcess(pid, "cmdline").startsWith("slurmstepd");
}

function readProcess(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}
