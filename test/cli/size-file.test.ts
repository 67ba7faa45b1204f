import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { heddle } from "./fake-environment.js";

let folder = "";
const file = (name: string) => join(folder, name);
const workloadOf = (sizes: string) => `{ kind: collective, collective: all-to-all, sizes: ${sizes} }`;
const TOPOLOGY = "topology: { kind: leaf-spine, gpus: 3, gpusPerNode: 1 }\n";
const scenario = (sizes: string) => `${TOPOLOGY}workload: ${workloadOf(sizes)}\n`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "heddle-"));
  writeFileSync(file("sizes.csv"), "0, 1KiB, 2048\n0, 0, 0\n1, 1, 0\n");
  writeFileSync(file("torn.csv"), "0, 1\n1, 0\n");
  writeFileSync(file("good.yaml"), scenario("sizes.csv"));
  writeFileSync(file("missing.yaml"), scenario("other.csv"));
  writeFileSync(
    file("jobs.yaml"),
    `${TOPOLOGY}jobs: [{ name: a, ranks: 3, placement: [2, 0, 1], workload: ${workloadOf("sizes.csv")} }]\n`,
  );
  writeFileSync(file("torn.yaml"), scenario("torn.csv"));
});

afterAll(() => rmSync(folder, { recursive: true }));

test("a matrix of sizes is a file beside the scenario", async () => {
  const { code, stdout } = await heddle(["run", file("good.yaml"), "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout).workload).toMatchObject({ collective: "all-to-all", sizeBytes: 3072 });
});

test("an option may name another file beside the scenario", async () => {
  const set = ["--set", "workload.sizes=sizes.csv"];
  const [named, beside] = [
    await heddle(["validate", file("missing.yaml"), ...set]),
    await heddle(["validate", file("good.yaml")]),
  ];
  expect(named.code).toBe(0);
  const digest = (text: string) => /digest (\w+)/.exec(text)![1];
  expect(digest(named.stdout)).not.toBe("");
  expect(beside.code).toBe(0);
});

test("matrices of jobs are files as well, and so are those within an override", async () => {
  const jobs = `jobs=[{ name: a, ranks: 3, placement: [2, 0, 1], workload: ${workloadOf("sizes.csv")} }]`;
  const whole = ["--set", `workload=${workloadOf("sizes.csv")}`];
  expect(await heddle(["validate", file("good.yaml"), ...whole])).toMatchObject({ code: 0, stderr: "" });
  const { stderr } = await heddle(["validate", file("jobs.yaml")]);
  expect(stderr).toBe("");
  expect((await heddle(["validate", file("jobs.yaml"), "--set", jobs])).code).toBe(0);
});

test("a file that is missing, or no matrix for these ranks, is refused with its place", async () => {
  const missing = await heddle(["validate", file("missing.yaml")]);
  expect([missing.code, missing.stderr]).toEqual([
    2,
    `${file("missing.yaml")}:2:62: workload.sizes: other.csv: cannot be read: no such file or directory\nheddle: 1 fault in the scenario\n`,
  ]);
  const torn = await heddle(["validate", file("torn.yaml")]);
  expect([torn.code, torn.stderr]).toEqual([
    2,
    expect.stringContaining("torn.yaml:2:62: workload.sizes: a matrix for 2 ranks, and there are 3; write 3 rows"),
  ]);
});
