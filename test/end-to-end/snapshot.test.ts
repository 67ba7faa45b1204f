import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { heddle, heddleInterrupted, MAIN } from "./heddle.js";

/** Long enough to be killed in: some millions of packet-hops. */
const SCENARIO = `
version: 1
name: killed
topology: { kind: fat-tree, gpus: 1024, gpusPerNode: 8, radix: 64, tiers: 2, scaleUp: false }
preset: multipath
routing: { policy: adaptive }
workload: { kind: flows, pattern: permutation, size: 4MiB }
`;
/** Times that the run is killed. */
const KILLS = Number(process.env.HEDDLE_KILLS ?? 50);

let folder = "";
let scenario = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "heddle-snapshot-"));
  scenario = join(folder, "killed.yaml");
  writeFileSync(scenario, SCENARIO);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Everything that must not depend on how, and in how many pieces, a run was simulated. */
function behaviour(stdout: string): unknown {
  const { engine, ...rest } = JSON.parse(stdout);
  const { packetHops, digest } = engine;
  return { ...rest, packetHops, digest };
}

/**
 * Runs the program, and kills it after some ms unless it ends first. Returns its output, or null.
 */
function runAndKill(args: readonly string[], afterMs: number): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (data: Buffer) => {
      stdout += data.toString();
    });
    child.stderr.on("data", (data: Buffer) => {
      stderr += data.toString();
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), afterMs);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (signal === "SIGKILL") resolve(null);
      else if (code === 0) resolve(stdout);
      else reject(new Error(`ended with code ${code}: ${stderr}`));
    });
  });
}

describe("a run that is killed and resumed", () => {
  it(`gives the bytes of one that never was, killed ${KILLS} times at random`, async () => {
    const startedMs = performance.now();
    const whole = heddle(["run", scenario, "--json", "--quiet"]);
    const wholeMs = performance.now() - startedMs;
    expect(whole.code).toBe(0);
    const path = join(folder, "state.snap");
    let kills = 0;
    let finishes = 0;
    let resumes = 0;
    while (kills < KILLS || finishes === 0) {
      const resuming = existsSync(path);
      resumes += resuming ? 1 : 0;
      const threads = ["--threads", String(1 + (kills % 3))];
      const rest = ["--json", "--quiet", "--snapshot-every", "100ms", ...threads];
      const args = resuming ? ["resume", path, ...rest] : ["run", scenario, "--snapshot", path, ...rest];
      const afterMs = kills < KILLS ? (0.15 + 0.6 * Math.random()) * wholeMs : 1000 * wholeMs;
      const stdout = await runAndKill(args, afterMs);
      if (stdout === null) {
        kills++;
        continue;
      }
      finishes++;
      expect(behaviour(stdout)).toEqual(behaviour(whole.stdout));
      expect(existsSync(path)).toBe(false);
    }
    // Killing runs that had nothing to resume from would prove nothing.
    expect(resumes).toBeGreaterThan(KILLS / 4);
  }, 600_000);

  it("is kept when it is interrupted, and says how to go on", async () => {
    const path = join(folder, "interrupted.snap");
    const args = ["run", scenario, "--json", "--progress", "--snapshot", path, "--set", "workload.size=16MiB"];
    const { code, stderr } = await heddleInterrupted(args, /% done/, "SIGINT");
    expect(code).toBe(130);
    expect(stderr).toContain(`go on with: heddle resume ${path}`);
    const again = heddle(["run", scenario, "--snapshot", path]);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain(`${path} is there already`);
    const resumed = heddle(["resume", path, "--json", "--quiet"]);
    expect(resumed.code).toBe(0);
    const whole = heddle(["run", scenario, "--json", "--quiet", "--set", "workload.size=16MiB"]);
    expect(behaviour(resumed.stdout)).toEqual(behaviour(whole.stdout));
  });

  it("refuses what is no snapshot, with a message", () => {
    const { code, stderr } = heddle(["resume", scenario]);
    expect(code).toBe(2);
    expect(stderr).toContain("is not a heddle snapshot");
    expect(heddle(["run", scenario, "--snapshot-every", "1s"]).stderr).toContain("add --snapshot FILE");
  });
});
