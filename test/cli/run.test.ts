import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ResultDocument } from "../../src/answer/result/document.js";
import type { Library } from "../../src/cli/support/library.js";
import type { SimulateOptions } from "../../src/cli/support/simulate-options.js";
import { CapacityError, CoreTrapError } from "../../src/engine/core/errors.js";
import type { Scenario } from "../../src/scenario/types/scenario.js";
import { heddle } from "./fake-environment.js";

const stdin = "topology: { kind: leaf-spine, gpus: 16 }\nworkload: { kind: collective, size: 1MiB }\n";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "heddle-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A library whose runs end as told. */
function library(result: object, during?: (scenario: Scenario, options: SimulateOptions) => void): Partial<Library> {
  return {
    simulate: async (scenario, options) => {
      during?.(scenario, options!);
      return { schema: "heddle.result/1", ...result } as ResultDocument;
    },
    formatResult: (document) => `result: ${document.status}`,
  };
}

const progress = (wallMs: number) => ({
  phase: "simulating" as const,
  remainingMs: 3 * wallMs,
  simulatedNs: 1500,
  shareDone: 0.25,
  packetHops: 4_000_000,
  skippedPacketHops: 0,
  wallMs,
});

test("the result goes to standard output, and nothing else", async () => {
  expect(await heddle(["run", "-"], { stdin, library: library({ status: "finished" }) })).toEqual({
    stdout: "result: finished\n",
    stderr: "",
    code: 0,
  });
});

test("--json is one JSON document, also with progress on a terminal", async () => {
  const fake = library({ status: "finished", jctNs: 5 }, (_, { onProgress }) => onProgress!(progress(1000)));
  const { stdout, stderr, code } = await heddle(["run", "-", "--json"], { stdin, library: fake, isTerminal: true });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ schema: "heddle.result/1", status: "finished", jctNs: 5 });
  expect(stderr).toBe("\r\u001b[Ksimulated 1.50 us | 25.0 % done | 4.00 M packet-hops/s | about 3.00 s left\r\u001b[K");
});

test("what a large run will take is told before it starts; a small one's only on a terminal", async () => {
  let keptBytes = 0;
  // The process takes 100 MiB before the core is laid out.
  const outcomeBytes = 2 ** 20;
  const told = async (mebibytes: number, isTerminal: boolean, ...more: string[]) => {
    const totalBytes = mebibytes * 2 ** 20;
    const parts = { tablesBytes: totalBytes, flowBytes: 0, packetBytes: 0, packetMapBytes: 0, keptBytes, outcomeBytes };
    const fake = library({ status: "finished" }, (_, options) => {
      expect((options.memoryLimitBytes as () => number)()).toBe(2 ** 34);
      options.onEstimate!({ ...parts, totalBytes });
    });
    return (await heddle(["run", "-", ...more], { stdin, library: fake, isTerminal })).stderr;
  };
  expect(await told(300, false)).toBe("memory: about 401 MiB, 300 MiB of it in the core\n");
  expect(await told(300, false, "--quiet")).toBe("");
  expect(await told(8, false)).toBe("");
  expect(await told(8, true)).toBe("memory: about 109 MiB, 8.00 MiB of it in the core\n");
  keptBytes = 2 ** 26;
  expect(await told(300, false)).toBe(
    "memory: about 401 MiB, 300 MiB of it in the core, up to 64.0 MiB more if it repeats itself\n",
  );
  expect(await told(300, false, "--no-fast-forward")).toBe("memory: about 401 MiB, 300 MiB of it in the core\n");
});

test("away from a terminal progress is a line now and then, and with --quiet nothing", async () => {
  const fake = library({ status: "finished" }, (_, { onProgress }) => {
    for (let wallMs = 1000; wallMs <= 12_000; wallMs += 500) onProgress!(progress(wallMs));
  });
  const lines = async (...more: string[]) => {
    const { stderr } = await heddle(["run", "-", ...more], { stdin, library: fake });
    return stderr.split("\n").length - 1;
  };
  expect(await lines()).toBe(2);
  expect(await lines("--progress")).toBe(12);
  expect(await lines("--quiet")).toBe(0);
});

test("overrides reach the simulation", async () => {
  let seed = 0;
  const fake = library({ status: "finished" }, (scenario) => {
    seed = scenario.seed;
  });
  await heddle(["run", "-", "--set", "seed=77"], { stdin, library: fake });
  expect(seed).toBe(77);
});

test.each([
  ["stuck", "a cycle of pauses: leaf-0 -> spine-0", 3],
  ["qp-failed", "the queue pair from gpu-0 to gpu-1 gave up", 3],
  ["time-limit", undefined, 3],
  ["cancelled", undefined, 130],
])("a run that ends %s prints what is known, says why, and exits accordingly", async (status, text, expected) => {
  const diagnosis = text === undefined ? {} : { diagnosis: { kind: status, text, ports: [] } };
  const ran = await heddle(["run", "-"], {
    stdin,
    library: library({ status, policies: { routing: "ecmp" }, ...diagnosis }),
  });
  expect(ran.code).toBe(expected);
  expect(ran.stdout).toBe(`result: ${status}\n`);
  expect(ran.stderr).toMatch(/^heddle: /);
  if (text !== undefined) expect(ran.stderr).toBe(`heddle: ${text}\n`);
});

test("an interrupt reaches the run, and is acknowledged", async () => {
  const controller = new AbortController();
  const fake = library({ status: "cancelled", policies: { routing: "ecmp" } }, (_, { signal }) => {
    controller.abort();
    expect(signal!.aborted).toBe(true);
  });
  const { stderr, code } = await heddle(["run", "-"], { stdin, library: fake, signal: controller.signal });
  expect(code).toBe(130);
  expect(stderr).toContain("heddle: stopping; interrupt once more to stop at once\n");
});

test("--out writes the document whole and leaves nothing else behind", async () => {
  const out = join(folder, "result.json");
  const ran = await heddle(["run", "-", "--out", out], { stdin, library: library({ status: "finished" }) });
  expect(ran).toMatchObject({ code: 0, stdout: "result: finished\n" });
  expect(JSON.parse(readFileSync(out, "utf8"))).toMatchObject({ status: "finished" });
  expect(readdirSync(folder)).toEqual(["result.json"]);
});

test("an output that cannot be written is refused before the run", async () => {
  const never = library({}, () => expect.unreachable());
  for (const out of [folder, join(folder, "missing", "x.json")]) {
    const { stderr, code } = await heddle(["run", "-", "--out", out], { stdin, library: never });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^heddle: cannot write \S+: (it is a directory|no such file or directory)\n$/);
  }
});

test("a result is printed before it turns out that --out cannot be written", async () => {
  const inner = mkdtempSync(join(tmpdir(), "heddle-"));
  const fake = library({ status: "finished" }, () => rmSync(inner, { recursive: true }));
  const ran = await heddle(["run", "-", "--out", join(inner, "x.json")], { stdin, library: fake });
  expect(ran).toMatchObject({ code: 2, stdout: "result: finished\n" });
  expect(ran.stderr).toMatch(/^heddle: cannot write \S+: no such file or directory\n$/);
});

test("a run goes on where its snapshot cannot be written, and does not claim that there is one", async () => {
  const inner = mkdtempSync(join(tmpdir(), "heddle-"));
  const fake = (status: string): Partial<Library> => ({
    ...library({}),
    simulate: async (_, { keep } = {}) => {
      rmSync(inner, { recursive: true, force: true });
      const description = { heddleVersion: "1", coreDigest: "c", scenario: {}, scenarioDigest: "d" };
      await keep!.write({ description: { ...description, simulatedNs: 1, wallMs: 1 }, memory: new Uint8Array(8) });
      return { status, policies: { routing: "ecmp" } } as ResultDocument;
    },
  });
  const args = ["run", "-", "--snapshot", join(inner, "x.snap")];
  const finished = await heddle(args, { stdin, library: fake("finished") });
  expect(finished).toMatchObject({ code: 0, stdout: "result: finished\n" });
  expect(finished.stderr).toMatch(/^warning: cannot write \S+: no such file .*the run goes on/);
  mkdirSync(inner);
  const cancelled = await heddle(args, { stdin, library: fake("cancelled") });
  expect(cancelled.code).toBe(130);
  expect(cancelled.stderr).not.toMatch(/heddle resume/);
});

const failing = (error: unknown): Partial<Library> => ({ simulate: () => Promise.reject(error) });

test.each<[string, unknown, number, string]>([
  ["too large a run", new CapacityError("needs 90 GB of memory"), 2, "heddle: needs 90 GB of memory\n"],
  [
    "a trap",
    new CoreTrapError("trapped at 5 ns in leaf-0", 5000, "leaf-0"),
    1,
    "heddle: internal error: trapped at 5 ns in leaf-0\n",
  ],
  ["a bug", new TypeError("x is not a function"), 1, "heddle: internal error: x is not a function\n"],
  ["a thrown text", "oops", 1, "heddle: internal error: oops\n"],
])("%s", async (_, error, expected, message) => {
  const { stdout, stderr, code } = await heddle(["run", "-"], { stdin, library: failing(error) });
  expect({ stdout, code }).toEqual({ stdout: "", code: expected });
  expect(stderr.startsWith(message)).toBe(true);
  expect(stderr).not.toContain("    at ");
});

test("--verbose adds the stack", async () => {
  const { stderr } = await heddle(["run", "-", "--verbose"], { stdin, library: failing(new TypeError("x")) });
  expect(stderr).toMatch(/TypeError: x\n {4}at /);
});
