import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ResultDocument } from "../../src/answer/result/document.js";
import { simulate } from "../../src/api/simulate.js";
import { Simulation } from "../../src/api/simulation.js";
import { loadLibrary } from "../../src/cli/support/library.js";
import type { Decision } from "../../src/plan/decision.js";
import { PolicyError } from "../../src/plan/policy-error.js";
import { heddle as inProcess, type Ran } from "../cli/fake-environment.js";
import { heddle, heddleInterrupted } from "../end-to-end/heddle.js";

const FIRST = "export const choose = () => 0;\n";
const SCENARIO = `version: 1
name: test
topology: { kind: leaf-spine, gpus: 32, gpusPerNode: 1, radix: 16 }
preset: multipath
routing: { policy: custom, module: ./policy.mjs }
workload: { kind: flows, pattern: permutation, size: 128KiB }
`;

/** A folder with a scenario and its policy. */
function folder(
  policy: string,
  file = "policy.mjs",
): { scenario: string; module: string; at: (name: string) => string } {
  const at = (name: string) => join(path, name);
  const path = mkdtempSync(join(tmpdir(), "heddle-"));
  writeFileSync(at("scenario.yaml"), SCENARIO.replace("policy.mjs", file));
  writeFileSync(at(file), policy);
  return { scenario: at("scenario.yaml"), module: at(file), at };
}

/** Runs a scenario by the command line, in this process. */
async function run(args: readonly string[]): Promise<Ran> {
  return inProcess(["run", ...args, "--quiet"], { library: await loadLibrary() });
}

function digestOf(scenario: string): string {
  const { code, stdout } = heddle(["validate", scenario]);
  expect(code).toBe(0);
  return /digest ([0-9a-f]{16})/.exec(stdout)![1]!;
}

describe("a policy in a module", () => {
  it("beats ecmp on a permutation: the bundled example", () => {
    const run = (...args: string[]) => {
      const { code, stdout } = heddle(["run", "custom-routing", "--json", "--quiet", ...args]);
      expect(code).toBe(0);
      return JSON.parse(stdout) as ResultDocument;
    };
    const drill = run();
    expect(drill.jctNs!).toBeLessThan(0.5 * run("--set", "routing.policy=ecmp").jctNs!);
    expect(drill.efficiency!).toBeGreaterThan(0.85);
    expect(drill.engine.policy!.nsPerCall).toBeGreaterThan(0);
    expect(run("--threads", "3").engine.digest).toBe(drill.engine.digest);
  });

  it("is a part of the scenario by its content, not by its name, and is not run to be told", () => {
    const here = folder("process.exit(7);\nexport const choose = () => 0;\n");
    const digest = digestOf(here.scenario);
    const elsewhere = folder("process.exit(7);\nexport const choose = () => 0;\n", "other.js");
    expect(digestOf(elsewhere.scenario)).toBe(digest);
    expect(digestOf(folder(FIRST).scenario)).not.toBe(digest);
    expect(heddle(["run", here.scenario, "--quiet"])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: "heddle: a module that the command loaded, e.g. a routing policy, called process.exit(7); it must not\n",
    });
  });

  it("says what it costs", () => {
    const { code, stdout } = heddle(["run", folder(FIRST).scenario, "--quiet"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^custom \(policy\.mjs\) routing/m);
    expect(stdout).toMatch(/^policy\.mjs: [\d.]+( k)? calls of [\d.]+ \w+, (< )?[\d.]+ % of the run$/m);
  });

  it.each([
    ["throws", "export const choose = () => { throw new TypeError('no idea'); };", "it threw TypeError: no idea"],
    ["answers nonsense", "export const choose = () => NaN;", "it returned NaN, and there are 8 candidates"],
    ["answers with no candidate", "export const choose = (d) => d.count;", "it returned 8, and there are 8 candidates"],
    ["answers with a fraction", "export const choose = () => 0.5;", "it returned 0.5"],
    ["asks for no candidate", "export const choose = (d) => d.depth(8);", "it asked for candidate 8, and there are 8"],
    [
      "asks for no word",
      "export const choose = (d) => d.state(16);",
      "it asked for word of state 16, and there are 16",
    ],
    [
      "keeps a counter",
      "let turn = 0; export const choose = (d) => turn++ % d.count;",
      "it keeps something between decisions that is not a word of state",
    ],
    [
      "keeps a table",
      "const seen = new Map(); export const choose = (d) => { if (!seen.has(d.qp)) seen.set(d.qp, seen.size % 8); return seen.get(d.qp); };",
      "it keeps something between decisions that is not a word of state",
    ],
    [
      "throws dice of its own",
      "export const choose = (d) => Math.floor(Math.random() * d.count);",
      "it keeps something between decisions that is not a word of state",
    ],
  ])("that %s ends the run with exit code 2 and says where and when", async (_, policy, reason) => {
    const { scenario } = folder(policy);
    const messages: string[] = [];
    for (const threads of ["1", "2"]) {
      const { code, stdout, stderr } = await run([scenario, "--threads", threads]);
      expect(stdout).toBe("");
      expect(code).toBe(2);
      messages.push(stderr);
    }
    const where = "heddle: the routing policy policy\\.mjs failed at [\\d.]+ ns in leaf-\\d+: ";
    for (const message of messages) expect(message).toMatch(new RegExp(`^${where}`));
    expect(messages[0]).toContain(reason);
    // Where it keeps nothing, it is the same decision with any number of threads.
    if (!reason.includes("keeps")) expect(messages[1]).toBe(messages[0]);
  });

  it.each([
    [
      "export default () => 0;",
      "policy.mjs",
      /cannot load the routing policy policy\.mjs: TypeError: it exports no function/,
    ],
    ["export const choose = (", "policy.mjs", /cannot load the routing policy policy\.mjs: SyntaxError/],
    [
      "import './other.mjs'; export const choose = () => 0;",
      "policy.mjs",
      /cannot load the routing policy policy\.mjs/,
    ],
    ["export function choose(d: ): number {}", "policy.ts", /policy\.ts:1:27: Type expected/],
    ["not a core", "policy.wasm", /policy\.wasm is not a WebAssembly module/],
  ])("%s is refused", async (policy, file, message) => {
    const { code, stderr } = await run([folder(policy, file).scenario]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/base64|\n\s+at /);
    expect(code).toBe(2);
  });

  it("lies in the scenario's folder, unless the command line names it", async () => {
    const { scenario, module, at } = folder(FIRST);
    const told = async (path: string) => (await run([scenario, "--set", `routing.module=${path}`])).stderr;
    for (const path of ["../policy.mjs", "a/../../policy.mjs", "..\\policy.mjs", module, "file:policy.mjs"]) {
      expect(await told(path)).toMatch(/routing\.module: a module lies beside the scenario or in a folder there/);
    }
    expect(await told("policy.yaml")).toMatch(/a module is a \.ts, \.js, \.mjs or \.wasm file/);
    expect(await told("none.mjs")).toMatch(/cannot read the routing policy .*none\.mjs: there is no such file/);
    mkdirSync(at("policies"));
    writeFileSync(at("policies/p.js"), FIRST);
    expect(await told("policies/p.js")).toBe("");
    writeFileSync(at("bare.yaml"), SCENARIO.replace(", module: ./policy.mjs", ""));
    expect((await run([at("bare.yaml")])).stderr).toMatch(/custom routing needs its policy; add .* or --policy FILE/);
    expect((await run([at("bare.yaml"), "--policy", module])).code).toBe(0);
  });

  it("goes on from a snapshot with the same policy, which the command line must name", async () => {
    const { scenario, at } = folder(FIRST);
    const big = [scenario, "--set", "workload.size=2GiB"];
    const { code, stderr } = await heddleInterrupted(
      ["run", ...big, "--snapshot", at("run.snap"), "--progress"],
      /%/,
      "SIGINT",
    );
    expect(code).toBe(130);
    expect(stderr).toContain(`go on with: heddle resume ${at("run.snap")} --policy FILE`);
    expect(heddle(["resume", at("run.snap")]).stderr).toMatch(/routed by a policy of its own; write heddle resume/);
    writeFileSync(at("another.mjs"), "export const choose = () => 1;\n");
    expect(heddle(["resume", at("run.snap"), "--policy", at("another.mjs")]).stderr).toMatch(
      /was made with another routing policy than another\.mjs/,
    );
    expect(existsSync(at("run.snap"))).toBe(true);
  }, 60_000);
});

describe("a policy in a program", () => {
  const scenario = {
    version: 1,
    topology: { kind: "leaf-spine", gpus: 32, gpusPerNode: 1, radix: 16 },
    preset: "multipath",
    routing: { policy: "custom" },
    workload: { kind: "flows", pattern: "permutation", size: "128KiB" },
  };
  const inTurn = (decision: Decision) => {
    const turn = decision.groupState(0);
    decision.setGroupState(0, turn + 1);
    return turn % decision.count;
  };
  const module = { url: `data:text/javascript,export const choose = ${encodeURIComponent(String(inTurn))}` };

  it("is a function in one thread, or a module in several", async () => {
    const builtIn = await simulate({ ...scenario, routing: { policy: "round-robin" } });
    const asFunction = await simulate(scenario, { policy: inTurn, upToThreads: 2 });
    const asModule = await simulate(scenario, { policy: module, threads: 2 });
    expect(asFunction.engine.digest).toBe(builtIn.engine.digest);
    expect(asModule.engine.digest).toBe(builtIn.engine.digest);
    expect(asFunction.policies.module).toBe("inTurn");
    await expect(simulate(scenario, { policy: inTurn, threads: 2 })).rejects.toThrow(
      "cannot be given to other threads",
    );
  });

  it("and the scenario's routing go together", async () => {
    await expect(simulate(scenario)).rejects.toThrow("custom routing needs its policy");
    const ecmp = { ...scenario, routing: { policy: "ecmp" } };
    await expect(simulate(ecmp, { policy: inTurn })).rejects.toThrow("the routing is ecmp; set routing.policy=custom");
  });

  it("that fails does so with an error that says where", async () => {
    const failed = await simulate(scenario, { policy: () => 99 }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(PolicyError);
    const { where } = failed as PolicyError;
    expect(where!.switch).toMatch(/^leaf-\d+$/);
    expect(where!.simulatedPs).toBeGreaterThan(0);
  });

  it("can be forked to and from, and resumed with itself only", async () => {
    const whole = await simulate(scenario, { policy: inTurn });
    const start = await Simulation.start({ ...scenario, routing: { policy: "ecmp" } });
    await expect(start.fork(["routing.policy=custom"])).rejects.toThrow("custom routing needs its policy");
    const forked = await start.fork(["routing.policy=custom"], { policy: inTurn });
    await forked.run({ untilNs: whole.jctNs! / 2 });
    const { description, memory } = forked.snapshot();
    const snapshot = { description, memory: memory.slice() };
    const back = await forked.fork(["routing.policy=ecmp"]);
    await Promise.all([forked.run(), back.run()]);
    expect(forked.result().engine.digest).toBe(whole.engine.digest);
    expect(back.result().policies).not.toHaveProperty("module");
    await expect(Simulation.resume(snapshot, { policy: () => 0 })).rejects.toThrow("made with another routing policy");
    const resumed = await Simulation.resume(snapshot, { policy: inTurn });
    await resumed.run();
    expect(resumed.result().engine.digest).toBe(whole.engine.digest);
    for (const each of [start, forked, back, resumed]) await each.close();
  });
});
