import { expect, test } from "vitest";
import { parseDurationMs } from "../../src/cli/support/options.js";
import { CONGESTION_CONTROL } from "../../src/plan/policies/congestion-control.js";
import { FLOW_CONTROL } from "../../src/plan/policies/flow-control.js";
import { ROUTING } from "../../src/plan/policies/routing.js";
import { combinationsAsMarkdown } from "../../src/scenario/describe/combinations.js";
import { heddle } from "./fake-environment.js";

test("help goes to standard output", async () => {
  const { stdout, stderr, code } = await heddle(["--help"]);
  expect(code).toBe(0);
  expect(stderr).toBe("");
  for (const command of ["run", "validate", "topo", "presets", "schema", "examples"]) {
    expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, "m"));
  }
  expect(stdout).toContain("Exit codes: 0 done; 2 the input is wrong");
});

test("version", async () => {
  expect(await heddle(["--version"])).toEqual({ stdout: "1.2.3\n", stderr: "", code: 0 });
});

test.each([
  [[], "Usage: heddle"],
  [["rum"], "unknown command 'rum'\n(Did you mean run?)"],
  [["run"], "missing required argument 'file'"],
  [["run", "a", "b"], "too many arguments"],
  [["run", "a", "--jsn"], "unknown option '--jsn'\n(Did you mean --json?)"],
  [["run", "a", "--out"], "argument missing"],
  [["sweep", "a", "--workers", "0"], "Write a number from 1 to 64."],
  [["sweep", "--tornado"], "name a scenario"],
  [["sweep", "a", "--timeout", "5 minutes"], '"5 minutes" is no time; write e.g. 500ms, 90s, 10min or 2h.'],
  [["sweep", "a", "--timeout", "0.5us"], "Write at least 1ms, e.g. 60s or 10min."],
  [["sweep", "a", "--timeout", "900h"], "Write at most 596h."],
  [["run", "a", "--threads", "65"], "Write a number of threads from 1 to 64, e.g. --threads 2."],
  [["run", "a", "--threads", "many"], "Write a number of threads from 1 to 64, e.g. --threads 2."],
])("%j is wrong input", async (args, message) => {
  const { stdout, stderr, code } = await heddle(args);
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toContain(message);
});

test.each([
  ["90s", 90_000],
  ["1ms", 1],
  ["10min", 600_000],
  ["1.5h", 5_400_000],
  [" 2 h ", 7_200_000],
])("a wall-clock time of %j is %d ms", (text, ms) => {
  expect(parseDurationMs(text)).toBe(ms);
});

test("presets are listed and printed", async () => {
  const list = await heddle(["presets"]);
  expect(list.stdout).toMatch(/^ns3 +The rules of the ns-3 RDMA simulators/m);
  const ns3 = await heddle(["presets", "ns3"]);
  expect(ns3.stdout).toContain("  header: 48B\n");
  const defaults = await heddle(["presets", "default", "--json"]);
  expect(JSON.parse(defaults.stdout)).toMatchObject({ nic: { latency: "700ns" }, transport: { mtu: "4096B" } });
  const uec = await heddle(["presets", "uec"]);
  expect(uec.stdout).toContain(`#   routing.policy reps: ${ROUTING.reps.sentence}\n`);
  expect(uec.stdout).toContain(`#   transport.congestionControl nscc: ${CONGESTION_CONTROL.nscc.sentence}\n`);
  expect(uec.stdout).toContain(`#   flowControl none: ${FLOW_CONTROL.none.sentence}\n`);
  expect(await heddle(["presets", "ns4"])).toEqual({
    stdout: "",
    stderr: expect.stringContaining('heddle: there is no preset "ns4" (did you mean "ns3"?); there are default, ns3, '),
    code: 2,
  });
});

test("a printed preset is a part of a scenario", async () => {
  const { stdout } = await heddle(["presets", "ns3"]);
  const validate = (topology: string) => {
    const stdin = `${stdout}topology: ${topology}\nworkload: { kind: collective, size: 1KB }\n`;
    return heddle(["validate", "-"], { stdin });
  };
  expect(await validate("{ kind: fat-tree, gpus: 16, tiers: 3 }")).toMatchObject({ code: 0, stderr: "" });
  // Printed, its links are written in the scenario: those that the fabric lacks are told.
  expect(await validate("{ kind: leaf-spine, gpus: 16 }")).toMatchObject({
    code: 0,
    stderr: "warning: <stdin>:13:5: links.core: has no effect: a fabric of two tiers has no core level\n",
  });
});

test("what goes with what is a page of its own", async () => {
  const { stdout, code } = await heddle(["explain-model", "--combinations"]);
  expect([stdout, code]).toEqual([combinationsAsMarkdown(), 0]);
  expect(await heddle(["explain-model", "reps", "--combinations"])).toMatchObject({ code: 2, stdout: "" });
});

test("mechanisms are explained like policies", async () => {
  const { stdout } = await heddle(["explain-model", "watchdog", "--json"]);
  const [watchdog] = JSON.parse(stdout) as { parameters: { path: string; unit: string; default?: string }[] }[];
  expect(watchdog).toMatchObject({ kind: "mechanism", path: "flowControl.watchdog" });
  expect(watchdog!.parameters[0]).toMatchObject({
    ...{ path: "flowControl.watchdog.detect", unit: "time", default: "200ms" },
  });
});

test("the schema is one JSON document", async () => {
  const { stdout, code } = await heddle(["schema"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ title: "heddle scenario", required: ["topology"] });
});
