import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { MAIN } from "./heddle.js";

/** Far more than any machine takes: these are about ending at all, and how. */
const PATIENCE_MS = 60_000;
/** Interrupts of each command: one in each of that many equal parts of its run. */
const CHECKED_TIMES = Number(process.env.HEDDLE_RUNS ?? 4);

const folder = mkdtempSync(join(tmpdir(), "heddle-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

interface Signalling {
  /** Instants of signals, from the start of the process. */
  readonly atMs?: readonly number[];
  /** Signals as soon as standard error matches, one after the other. */
  readonly on?: readonly RegExp[];
  /** Input that never ends. */
  readonly endlessInput?: string;
}

/** Runs the program, and sends it SIGINT. */
function run(args: readonly string[], { atMs = [], on = [], endlessInput }: Signalling): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const startedMs = performance.now();
    const child = spawn(process.execPath, [MAIN, ...args], { timeout: PATIENCE_MS, killSignal: "SIGKILL" });
    let [stdout, stderr, heard] = ["", "", 0];
    const timers = atMs.map((ms) => setTimeout(() => child.kill("SIGINT"), ms));
    child.stdin.on("error", () => {});
    if (endlessInput === undefined) child.stdin.end();
    else {
      const pour = () => {
        while (child.stdin.writable && child.stdin.write(endlessInput));
      };
      child.stdin.on("drain", pour);
      pour();
    }
    child.stdout.on("data", (data: Buffer) => {
      stdout += data.toString();
    });
    child.stderr.on("data", (data: Buffer) => {
      stderr += data.toString();
      if (heard < on.length && on[heard]!.test(stderr)) {
        heard += 1;
        child.kill("SIGINT");
      }
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      for (const timer of timers) clearTimeout(timer);
      resolve({ code, signal, stdout, stderr, ms: performance.now() - startedMs });
    });
  });
}

/** The command ran to its end: a code of its own, or the signal came while the process went down. */
async function ranThrough(args: readonly string[], { code, signal, stdout }: Ending): Promise<boolean> {
  if (code === 0 || code === 3) return true;
  if (signal !== "SIGINT" || stdout === "") return false;
  // Node gives signals back to the system as it ends. All output is out by then.
  const whole = await run(args, {});
  return stdout.split("\n").length === whole.stdout.split("\n").length;
}

/**
 * Before the program's first line has run, the system ends it by the signal itself, which shells
 * report as 130 too.
 */
function expectInterrupted({ code, signal, stdout, stderr }: Ending): void {
  const beforeAll = signal === "SIGINT" && stdout === "" && stderr === "";
  expect(code === 130 || beforeAll, `code ${code}, signal ${signal}: ${stdout}${stderr}`).toBe(true);
  if (code === 130) expect(stderr).toMatch(/heddle: .*interrupted/);
  expect(stderr).not.toMatch(/FATAL|internal error|\n\s+at /);
}

const SMALL = ["--set", "topology.gpus=16"];
const COMMANDS: Readonly<Record<string, () => string[]>> = {
  run: () => ["run", "hello", "--set", "workload.size=64MiB", "--no-fast-forward", "--set", "topology.gpus=64"],
  "run with threads": () => ["run", "hello", "--set", "workload.size=64MiB", "--threads", "4"],
  "run of 32,768 GPUs": () => ["run", "allreduce-32k"],
  "topo of 32,768 GPUs": () => ["topo", "allreduce-32k", "--list"],
  "bench-routing, workers starting": () => [
    ...["bench-routing", "hello", ...SMALL, "--seeds", "2", "--size", "64KiB", "--jobs", "4"],
  ],
  sweep: () => ["sweep", "routing-sweep", "--workers", "3", "--out", mkdtempSync(join(folder, "sweep-"))],
};

describe("an interrupt at any moment ends the command with exit code 130 and a word", () => {
  for (const [name, args] of Object.entries(COMMANDS)) {
    test(name, { timeout: 3 * CHECKED_TIMES * PATIENCE_MS }, async () => {
      // How long it takes here, or a part of it that is long enough.
      const whole = await run(args(), { atMs: [4000] });
      if (!(await ranThrough(args(), whole))) expectInterrupted(whole);
      for (let i = 0; i < CHECKED_TIMES; i++) {
        const ending = await run(args(), { atMs: [((i + Math.random()) / CHECKED_TIMES) * whole.ms] });
        if (!(await ranThrough(args(), ending))) expectInterrupted(ending);
      }
    });
  }

  test("while it reads input that does not end", { timeout: 2 * PATIENCE_MS }, async () => {
    for (const atMs of [100, 300, 1000]) {
      const ending = await run(["validate", "-"], { atMs: [atMs], endlessInput: "# so on and so on\n" });
      // Or it has read as much as it takes, and refuses the rest.
      if (ending.code !== 2) expectInterrupted(ending);
    }
  });
});

describe("a core call that does not return", () => {
  const policy = join(folder, "loops.mjs");
  writeFileSync(policy, "export function choose() { for (;;); }\n");
  const args = ["run", "custom-routing", "--policy", policy, "--progress"];

  test("is ended with the process at the first interrupt", { timeout: 2 * PATIENCE_MS }, async () => {
    const ending = await run(args, { atMs: [3000] });
    expectInterrupted(ending);
  });

  test("is ended with the process at the second interrupt", { timeout: 2 * PATIENCE_MS }, async () => {
    expectInterrupted(await run(args, { atMs: [3000, 3001] }));
  });

  test("in a pool is ended with its worker when its time is up", { timeout: 4 * PATIENCE_MS }, async () => {
    const { code, stdout, stderr } = await run(
      [
        ...[
          "bench-routing",
          "hello",
          "--set",
          "topology.gpus=64",
          "--policies",
          `ecmp,${policy}`,
          "--patterns",
          "permutation",
        ],
        ...["--seeds", "1", "--jobs", "2", "--timeout", "2s", "--json"],
      ],
      {},
    );
    expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringMatching(/took longer than 2 s/) });
    expect(JSON.parse(stdout)).toMatchObject({ status: expect.any(String) });
  });
});

test("a module that never settles does not end the process without a word", { timeout: 2 * PATIENCE_MS }, async () => {
  const policy = join(folder, "never.mjs");
  writeFileSync(policy, "await new Promise(() => {});\nexport function choose() { return 0; }\n");
  const { code, stderr } = await run(["run", "custom-routing", "--policy", policy], {});
  expect(code).not.toBe(0);
  expect(code).not.toBe(13);
  expect(stderr).toMatch(/never\.mjs|without an answer/);
});
