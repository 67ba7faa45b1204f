import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const MAIN = new URL("../../dist/cli/main.js", import.meta.url).pathname;
/** Each thread says at its end what the process took at most, in KiB. */
const TELL_PEAK = `data:text/javascript,process.on("exit",()=>process.stderr.write("peak "+process.resourceUsage().maxRSS+"\\n"))`;

/** The estimates that a run and `topo` print, and what its process took at most, MiB. */
async function memoryOf(...settings: string[]) {
  const args = ["--import", TELL_PEAK, MAIN, "run", "allreduce-32k", "--json", "--threads", "1", "--no-fast-forward"];
  const given = settings.flatMap((setting) => ["--set", setting]);
  const { stderr } = await promisify(execFile)("node", [...args, ...given], { maxBuffer: 2 ** 28 });
  // Copies of the state, which fast-forward may keep, are told apart.
  const [, amount, unit] = /memory: about ([\d.]+) (MiB|GiB),/.exec(stderr)!;
  const peaks = [...stderr.matchAll(/^peak (\d+)$/gm)].map(([, kib]) => Number(kib) / 1024);
  const topo = await promisify(execFile)("node", [MAIN, "topo", "allreduce-32k", "--json", ...given]);
  return {
    estimate: Number(amount) * (unit === "GiB" ? 1024 : 1),
    before: JSON.parse(topo.stdout).memory.processBytes / 2 ** 20,
    peak: Math.max(...peaks),
  };
}

test.each([
  ["a tree of 8,192 GPUs", ["topology.gpus=8192", "workload.size=16KiB"]],
  ["a permutation of 32,768 GPUs", ["workload={ kind: flows, pattern: permutation, size: 16KiB }"]],
])(
  "the memory told before the run is that of the process: %s",
  async (_, settings) => {
    const { estimate, before, peak } = await memoryOf(...settings);
    expect(peak / estimate).toBeGreaterThan(0.75);
    expect(peak / estimate).toBeLessThan(1.25);
    expect(peak / before).toBeGreaterThan(0.75);
    expect(peak / before).toBeLessThan(1.25);
  },
  120_000,
);
