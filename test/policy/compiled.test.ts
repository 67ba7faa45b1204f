import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { ResultDocument } from "../../src/answer/result/document.js";
import { simulate } from "../../src/api/simulate.js";
import { Simulation } from "../../src/api/simulation.js";
import type { CorePolicy } from "../../src/engine/core/core-policy.js";
import { joinCore, splitCore } from "../../src/engine/policy/core-file.js";
import { resolvePolicy } from "../../src/engine/policy/source.js";
import { heddle } from "../end-to-end/heddle.js";
import { runOracle } from "../oracle/run.js";
import { expectSameOutcome } from "../support/compare.js";
import { randomPlan } from "../support/random-plan.js";
import { runCore } from "../support/run-core.js";
import { BY_QUEUE_PAIR, choose, EVERYTHING, MIN_QUEUED, ROUND_ROBIN } from "./rules.js";

const RULES = fileURLToPath(new URL("./rules.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "heddle-"));
const built = join(folder, "rules.wasm");
const scenario = join(folder, "scenario.yaml");

/** rules.ts, compiled by the built program. */
let policy: CorePolicy;

beforeAll(async () => {
  const { code, stderr } = heddle(["build-policy", RULES, "--out", built]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  writeFileSync(
    scenario,
    `version: 1
topology: { kind: leaf-spine, gpus: 64, gpusPerNode: 1, radix: 16 }
preset: multipath
routing: { policy: custom, module: ./rules.wasm }
workload: { kind: flows, pattern: permutation, size: 256KiB }
`,
  );
  ({ policy } = await resolvePolicy({ core: readFileSync(built) }));
}, 300_000);

afterEach(() => {
  vi.unstubAllGlobals();
});

function run(args: readonly string[]): ResultDocument {
  const { code, stdout, stderr } = heddle(["run", scenario, "--json", "--quiet", ...args]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return JSON.parse(stdout) as ResultDocument;
}

describe("a compiled policy", () => {
  it.each([
    ["round-robin", ROUND_ROBIN],
    ["adaptive", MIN_QUEUED],
    ["ecmp-qp", BY_QUEUE_PAIR],
  ] as const)("that does what %s does has its digest, and that of the same file as a module", (name, rule) => {
    const builtIn = run(["--set", `routing.policy=${name}`]);
    const parameters = ["--set", `routing.parameters=[${rule}, 16]`];
    const compiled = run([...parameters, "--threads", "2"]);
    const module = run([...parameters, "--policy", RULES, "--threads", "2"]);
    expect(compiled.engine.digest).toBe(builtIn.engine.digest);
    expect(module.engine.digest).toBe(builtIn.engine.digest);
    expect(compiled.jctNs).toBe(builtIn.jctNs);
    expect(compiled.policies).toMatchObject({ routing: "custom", module: "rules.wasm" });
    expect(compiled.engine.policy).toBeUndefined();
    expect(module.engine.policy!.calls).toBeGreaterThan(1000);
    // What decides is a part of what the run is.
    expect(new Set([builtIn, compiled, module].map((result) => result.scenario.digest)).size).toBe(3);
  });

  it("agrees with the oracle, in a memory of its own and in a shared one", async () => {
    const rules = fc.constantFrom(EVERYTHING, MIN_QUEUED);
    await fc.assert(
      fc.asyncProperty(randomPlan(), rules, fc.constantFrom(1, 1, 2), async (plan, rule, threads) => {
        const custom = { stateWords: 16, parameters: [rule, 16], identity: rule };
        const routed = { ...plan, routing: { ...plan.routing, policy: "custom" as const, custom } };
        const expected = runOracle(routed, undefined, choose);
        expectSameOutcome(await runCore(routed, 1e6, threads, policy), expected);
        vi.stubGlobal("crossOriginIsolated", false);
        expectSameOutcome(await runCore(routed, 1e6, threads, policy), expected);
        vi.unstubAllGlobals();
      }),
      { numRuns: 20 },
    );
  }, 300_000);

  it("goes on from a snapshot with the same core only, and cannot be forked to from another", async () => {
    const core = readFileSync(built);
    const custom = (parameters: number[]) => ({
      version: 1,
      topology: { kind: "leaf-spine", gpus: 16, gpusPerNode: 1, radix: 8 },
      preset: "multipath",
      routing: { policy: "custom", parameters },
      workload: { kind: "flows", pattern: "permutation", size: "64KiB" },
    });
    const options = { policy: { core } };
    const whole = await simulate(custom([EVERYTHING, 16]), options);
    const simulation = await Simulation.start(custom([EVERYTHING, 16]), options);
    await simulation.run({ untilNs: whole.jctNs! / 2 });
    const { description, memory } = simulation.snapshot();
    const snapshot = { description, memory: memory.slice() };
    await expect(Simulation.resume(snapshot, { policy: choose })).rejects.toThrow("was made by another build");
    await expect(Simulation.resume(snapshot)).rejects.toThrow("custom routing needs its policy");
    const resumed = await Simulation.resume(snapshot, options);
    await resumed.run();
    expect(resumed.result().engine.digest).toBe(whole.engine.digest);
    // To a rule that is built in, and to the same core with another parameter.
    const adaptive = await simulation.fork(["routing.policy=adaptive"]);
    const other = await simulation.fork([`routing.parameters=[${ROUND_ROBIN}, 16]`]);
    await Promise.all([adaptive.run(), other.run()]);
    expect(adaptive.result().status).toBe("finished");
    expect(other.result().engine.digest).not.toBe(whole.engine.digest);
    await expect(adaptive.fork(["routing.policy=custom"], { policy: choose })).rejects.toThrow(
      "begin a simulation with it",
    );
    const plain = await Simulation.start({ ...custom([]), routing: { policy: "ecmp" } });
    await expect(plain.fork(["routing.policy=custom"], options)).rejects.toThrow("begin a simulation with it");
    for (const each of [simulation, resumed, adaptive, other, plain]) await each.close();
  });

  it("is refused where it is not what build-policy made", async () => {
    const core = readFileSync(built);
    await expect(splitCore(core.subarray(0, 100), "x.wasm")).rejects.toThrow("x.wasm is not a WebAssembly module");
    const plain = new Uint8Array(readFileSync(new URL("../../src/engine/core/core.wasm", import.meta.url)));
    await expect(splitCore(plain, "x.wasm")).rejects.toThrow("is not a core that heddle build-policy has built");
    const older = joinCore(plain, plain, "0123456789abcdef");
    await expect(splitCore(older, "x.wasm")).rejects.toThrow("was built by another version of heddle");
  });
});
