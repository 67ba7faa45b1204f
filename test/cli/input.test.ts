import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { heddle } from "./fake-environment.js";

const SCENARIO = "topology: { kind: leaf-spine, gpus: 16 }\nworkload: { kind: collective, size: 1MiB }\n";

let folder = "";
const file = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "heddle-"));
  mkdirSync(file("examples/ring-16"), { recursive: true });
  mkdirSync(file("examples/empty"));
  writeFileSync(file("examples/ring-16/scenario.yaml"), `# A ring of 16 GPUs\n# on one leaf.\n${SCENARIO}`);
  writeFileSync(file("small.yaml"), SCENARIO);
  writeFileSync(file("wrong.yaml"), `${SCENARIO}seed: x\nnic: { latency: 1 }\n`);
  writeFileSync(file("warns.yaml"), `${SCENARIO}routing: { quantum: 1KiB }\n`);
  writeFileSync(file("binary.yaml"), Uint8Array.of(0xff, 0xfe, 0x00));
  writeFileSync(file("huge.yaml"), "#".repeat(50 * 2 ** 20 + 1));
});

afterAll(() => rmSync(folder, { recursive: true }));

test("a file, standard input and a bundled example are valid, under their names", async () => {
  const path = await heddle(["validate", file("small.yaml")]);
  expect(path.stdout).toMatch(/small\.yaml: valid, scenario "small", digest [0-9a-f]{16}\n$/);
  const stdin = await heddle(["validate", "-"], { stdin: SCENARIO });
  expect(stdin.stdout).toMatch(/^-: valid, scenario "stdin", digest /);
  const example = await heddle(["validate", "ring-16"], { examples: file("examples") });
  expect(example.stdout).toMatch(/^ring-16: valid, scenario "ring-16", digest /);
});

test("examples are listed with the comment they begin with", async () => {
  const { stdout } = await heddle(["examples"], { examples: file("examples") });
  expect(stdout).toBe("ring-16  A ring of 16 GPUs on one leaf.\n");
});

test("faults are listed by file, line and column, and counted", async () => {
  const path = file("wrong.yaml");
  const { stdout, stderr, code } = await heddle(["validate", path]);
  expect({ stdout, code }).toEqual({ stdout: "", code: 2 });
  expect(stderr.split("\n").map((line) => line.replace(folder, ""))).toEqual([
    '/wrong.yaml:3:7: seed: "x" is not a whole number; write one from 0 to 4294967295',
    "/wrong.yaml:4:17: nic.latency: 1 has no unit; write a number and a unit (ps, ns, us, ms, s), e.g. 500ns",
    "heddle: 2 faults in the scenario",
    "",
  ]);
});

test("overrides are applied and blamed by name", async () => {
  const args = ["validate", file("small.yaml"), "--set", "seed=2", "--set", "nic.latency=5"];
  const { stderr, code } = await heddle(args);
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /^--set nic\.latency=5: nic\.latency: 5 has no unit; [^\n]+\nheddle: 1 fault in the scenario\n$/,
  );
});

test("warnings go to standard error unless quiet", async () => {
  const loud = await heddle(["validate", file("warns.yaml")]);
  expect(loud.stderr).toMatch(/^warning: \S+warns\.yaml:3:21: routing\.quantum: has no effect: /);
  expect(await heddle(["validate", file("warns.yaml"), "--quiet"])).toMatchObject({ stderr: "", code: 0 });
});

test.each([
  ["nothing.yaml", /^heddle: there is no file "\S+nothing\.yaml"; bundled examples: ring-16\n$/],
  ["", /^heddle: \S+ is a directory; write the path of a scenario file\n$/],
  ["binary.yaml", /^heddle: \S+binary\.yaml is not UTF-8 text\n$/],
  [
    "huge.yaml",
    /^heddle: \S+huge\.yaml is larger than 50 MiB, too large; write flows by a pattern, and a regular fabric by its kind\n$/,
  ],
])("%j cannot be read", async (name, message) => {
  const { stdout, stderr, code } = await heddle(["validate", file(name)], { examples: file("examples") });
  expect({ stdout, code }).toEqual({ stdout: "", code: 2 });
  expect(stderr).toMatch(message);
});

test.each(["../small", "ring-16/../ring-16", "ring-1O", "a\0b", "x".repeat(5000)])(
  "%j is no bundled example",
  async (name) => {
    const { stderr, code } = await heddle(["validate", name], { examples: file("examples") });
    expect(code).toBe(2);
    expect(stderr).toMatch(/there is no file/);
  },
);

test("a slip in an example's name is noticed", async () => {
  const { stderr } = await heddle(["validate", "rng-16"], { examples: file("examples") });
  expect(stderr).toContain('(did you mean "ring-16"?)');
});

test.each([
  ["small.yml", "small.yaml"],
  ["small", "small.yaml"],
  ["smal.yaml", "small.yaml"],
])("%j is a slip in the name of a file beside it", async (name, meant) => {
  const { stderr, code } = await heddle(["validate", file(name)], { examples: file("examples") });
  expect([code, stderr]).toEqual([2, `heddle: there is no file "${file(name)}" (did you mean "${file(meant)}"?)\n`]);
});

test("files of other programs are named, with what reads them", async () => {
  writeFileSync(file("a.cm"), "Nodes 2\nConnections 1\n0->1 start 0 size 100\n");
  writeFileSync(file("network.yml"), "topology: [ Ring ]\nnpus_count: [ 4 ]\n");
  for (const [name, what] of [
    ["a.cm", "a connection matrix of htsim; heddle import htsim reads it"],
    ["network.yml", "a network file of ASTRA-sim; heddle import astra-sim reads it"],
  ] as const) {
    const { stderr, code } = await heddle(["run", file(name)]);
    expect([code, stderr]).toEqual([2, `heddle: ${file(name)} is no scenario: it looks like ${what}\n`]);
  }
});
