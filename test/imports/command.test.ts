import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { heddle } from "../end-to-end/heddle.js";

const folder = mkdtempSync(join(tmpdir(), "heddle-imports-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const sample = (name: string) => {
  writeFileSync(at(basename(name)), readFileSync(join("test/data/imports", name)));
  return at(basename(name));
};

describe("heddle import and export", () => {
  test("write a scenario that runs, and what it does as GOAL", () => {
    const trace = sample("ring.goal");
    expect(heddle(["import", "goal", trace, "-o", at("ring.yaml")])).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(readFileSync(at("ring.yaml"), "utf8")).toContain("format: goal");
    const run = heddle(["run", at("ring.yaml"), "--json"]);
    const result = JSON.parse(run.stdout) as { jctNs: number; workload: object };
    expect(result.workload).toEqual({ kind: "trace", format: "goal", ranks: 4 });
    // 1 us, and messages of 16, 16, 32 and 32 packets under one leaf.
    expect(result.jctNs).toBe((1_000_000 + 2 * (2_180_000 + 17 * 83_560) + 2 * (2_180_000 + 33 * 83_560)) / 1000);
    const written = heddle(["export", "goal", "hello"]);
    expect([written.code, written.stderr]).toEqual([0, ""]);
    expect(written.stdout).toMatch(/^\/\/ Written by heddle.*\nnum_ranks 64\n/);
  });

  test("take options of a format, and tell of what has no counterpart", () => {
    const file = sample("ring-4.xml");
    const missing = heddle(["import", "msccl", file, "-o", at("m.yaml")]);
    expect(missing.code).toBe(2);
    expect(missing.stderr).toMatch(/--option size: missing/);
    writeFileSync(at("custom.xml"), readFileSync(file, "utf8").replace("allreduce", "custom"));
    const told = heddle(["import", "msccl", at("custom.xml"), "--option", "size=1MiB", "-o", at("m.yaml")]);
    expect(told.code).toBe(0);
    expect(told.stderr).toBe('warning: what "custom" promises is not known: the outcome was not checked\n');
    expect(heddle(["validate", at("m.yaml")]).stderr).toContain('what "custom" promises is not known');
  });

  test("write a plane for each NIC of a GPU, each with the rate of a NIC", () => {
    const nics = ["--option", "size=1MiB", "--option", "nodes=2", "--option", "nics=[[0, 1], 2, 2, 0]"];
    const { code, stdout } = heddle(["import", "nccl-graph", "test/data/imports/nccl-graph-nics.xml", ...nics]);
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining("planes: 2\n  radix: 16\nlinks:\n  access:\n    rate: 800Gbps\n"),
    ]);
  });

  test("name the file, the line and what is wrong, with exit code 2", () => {
    const outside = join(folder, "inside");
    mkdirSync(outside);
    writeFileSync(at("bad.goal"), "num_ranks 2\nrank 0 {\nsend 8b to 1\n}\n");
    symlinkSync(at("ring.goal"), join(outside, "link.goal"));
    const cases: readonly [readonly string[], RegExp][] = [
      [["import", "goal", at("bad.goal")], /bad\.goal.*3:1: no receive of rank 1 takes this message/],
      [["import", "goal", at("none.goal"), "-o", at("x.yaml")], /none\.goal: cannot be read: there is no such file/],
      [["import", "goal", at("ring.goal"), "-o", join(outside, "x.yaml")], /is not in .*inside or below/],
      [
        ["import", "goal", join(outside, "link.goal"), "-o", join(outside, "x.yaml")],
        /is outside of the scenario's folder/,
      ],
      [["import", "gaol", at("ring.goal")], /there is no format "gaol" \(did you mean "goal"\?\)/],
      [
        ["import", "ns3", sample("../htsim/chain.cm")],
        /chain\.cm: looks like a connection matrix of htsim; heddle import htsim reads it\n.*3:1: "Nodes" is no key/,
      ],
      [["export", "goal", at("ring.yaml"), "--set", "workload.oneNic=7"], /workload\.oneNic/],
      [["export", "gaol", at("ring.yaml")], /there is no format "gaol"/],
      [["run", at("ring.yaml"), "--set", "topology.gpus=2"], /the trace has 4 ranks, and the fabric 2/],
      [["run", at("ring.yaml"), "--set", "workload.format=gaol"], /"gaol" is not known; formats are goal/],
    ];
    for (const [args, message] of cases) {
      const { code, stderr } = heddle(
        args[0] === "import" && !args.includes("-o") ? [...args, "-o", at("x.yaml")] : args,
      );
      expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
    }
  });
});
