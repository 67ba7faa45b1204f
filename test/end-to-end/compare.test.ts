import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { heddle } from "./heddle.js";

it("heddle compare tells what differs and why, and refuses what is no result", () => {
  const dir = mkdtempSync(join(tmpdir(), "heddle-"));
  const file = (name: string) => join(dir, name);
  const runs = [
    ["a1.json", "ecmp", "1"],
    ["a2.json", "ecmp", "2"],
    ["b1.json", "spray", "1"],
    ["b2.json", "spray", "2"],
  ] as const;
  for (const [name, policy, seed] of runs) {
    const set = [
      "topology.gpus=64",
      "workload.size=64KiB",
      "preset=multipath",
      `routing.policy=${policy}`,
      `seed=${seed}`,
    ];
    const args = set.flatMap((value) => ["--set", value]);
    expect(heddle(["run", "ecmp-vs-adaptive", ...args, "--quiet", "--out", file(name)]).code).toBe(0);
  }
  const single = heddle(["compare", file("a1.json"), file("b1.json")]);
  expect(single).toMatchObject({ code: 0, stderr: "" });
  expect(single.stdout).toMatch(/routing\.policy +ecmp +spray/);
  expect(single.stdout).toMatch(/queueing .*%/);

  const files = runs.map(([name]) => file(name));
  const grouped = heddle(["compare", ...files, "--group", "--json", "--out", file("c.json")]);
  const listed = heddle(["compare", files.slice(0, 2).join(","), files.slice(2).join(","), "--json"]);
  expect(JSON.parse(grouped.stdout)).toMatchObject({ schema: "heddle.comparison/1", seeds: [1, 2] });
  expect(listed.stdout).toBe(grouped.stdout);
  expect(readFileSync(file("c.json"), "utf8")).toBe(grouped.stdout);

  writeFileSync(file("no.json"), "{}");
  for (const other of ["no.json", "missing.json", "c.json"]) {
    const { code, stdout, stderr } = heddle(["compare", file("a1.json"), file(other)]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(new RegExp(`^heddle: .*${other}`));
  }
  expect(heddle(["compare", file("a1.json")]).code).toBe(2);
});
