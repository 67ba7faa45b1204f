import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { heddle } from "./heddle.js";

it("heddle chart draws the store of a sweep", () => {
  const dir = mkdtempSync(join(tmpdir(), "heddle-"));
  const [file, store, out] = ["sweep.yaml", "store", "chart.svg"].map((name) => join(dir, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(
    file,
    `version: 1
name: charted
base:
  topology: { kind: leaf-spine, gpus: 16, gpusPerNode: 2, radix: 8, scaleUp: false }
  preset: multipath
  workload: { kind: flows, pattern: permutation, size: 16KiB }
axes:
  workload.size: [4KiB, 64KiB]
  routing.policy: [ecmp, adaptive]
seeds: 2
`,
  );
  expect(heddle(["sweep", file, "--out", store, "--quiet"]).code).toBe(0);
  const { code, stdout } = heddle(["chart", store, "--x", "workload.size", "--out", out]);
  expect([code, stdout]).toEqual([0, ""]);
  const svg = readFileSync(out, "utf8");
  for (const text of ["JCT over workload.size", "2 seeds", "4KiB", "64KiB", "ecmp", "adaptive"])
    expect(svg).toContain(text);
  expect(heddle(["chart", store, "--x", "workload.sise", "--out", out]).code).toBe(2);
});
