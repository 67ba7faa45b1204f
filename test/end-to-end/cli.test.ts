import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import type { ResultDocument } from "../../src/answer/result/document.js";
import { heddle, heddleInterrupted } from "./heddle.js";

const SMALL = ["--set", "workload.size=1MiB", "--set", "topology.gpus=16"];

function folder(): string {
  return mkdtempSync(join(tmpdir(), "heddle-"));
}

describe("heddle run", () => {
  it("prints a table for people on standard output and nothing but progress on standard error", () => {
    const { code, stdout } = heddle(["run", "hello", ...SMALL]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/hello/);
    expect(stdout).toMatch(/JCT/);
    expect(stdout).toMatch(/busbw/);
  });

  it("prints one JSON document with --json, the same digest every time", () => {
    const documents = [1, 2].map(() => {
      const { code, stdout } = heddle(["run", "hello", ...SMALL, "--json", "--quiet"]);
      expect(code).toBe(0);
      return JSON.parse(stdout) as ResultDocument;
    });
    const [first, second] = documents as [ResultDocument, ResultDocument];
    expect(first.schema).toBe("heddle.result/1");
    expect(first.status).toBe("finished");
    expect(first.jctNs!).toBeGreaterThanOrEqual(first.idealJctNs);
    expect(first.explanation.reduce((sum, part) => sum + part.shareOfJct, 0)).toBeCloseTo(1, 12);
    expect(second.engine.digest).toBe(first.engine.digest);
  });

  it("writes --out in one piece", () => {
    const dir = folder();
    const out = join(dir, "result.json");
    expect(heddle(["run", "hello", ...SMALL, "--json", "--out", out, "--quiet"]).code).toBe(0);
    expect((JSON.parse(readFileSync(out, "utf8")) as ResultDocument).status).toBe("finished");
    expect(readdirSync(dir)).toEqual(["result.json"]);
  });

  it("reads a scenario from standard input", () => {
    const text = "version: 1\ntopology: { kind: leaf-spine, gpus: 16 }\nworkload: { kind: collective, size: 1MiB }\n";
    const { code, stdout } = heddle(["run", "-", "--json", "--quiet"], text);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as ResultDocument).topology.gpus).toBe(16);
  });

  it("refuses wrong input with every fault, its place and exit code 2, and leaves no file behind", () => {
    const dir = folder();
    const file = join(dir, "bad.yaml");
    writeFileSync(
      file,
      "version: 1\ntopology: { kind: leaf-spine, gpus: -4 }\nrouting: { polcy: ecmp }\nworkload: { kind: flows }\n",
    );
    const { code, stdout, stderr } = heddle(["run", file, "--out", join(dir, "out.json"), "--json"]);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/bad\.yaml:2:\d+/);
    expect(stderr).toMatch(/bad\.yaml:3:\d+/);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(existsSync(join(dir, "out.json"))).toBe(false);
  });

  it("ends with exit code 3 and a diagnosis when the job cannot finish", () => {
    const { code, stderr } = heddle([
      "run",
      "bad-optic",
      ...SMALL,
      "--set",
      "transport.retryLimit=0",
      "--set",
      "transport.rto=100us",
      "--set",
      "faults[0].ber=4e-3",
      "--quiet",
    ]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/at its first timeout/);
  });

  it("stops at Ctrl-C with what is known so far and exit code 130", async () => {
    const { code, stdout } = await heddleInterrupted(
      ["run", "hello", "--set", "workload.size=4GiB", "--json", "--progress"],
      /%/,
      "SIGINT",
    );
    expect(code).toBe(130);
    const document = JSON.parse(stdout) as ResultDocument;
    expect(document.status).toBe("cancelled");
    expect(document.packets.hops).toBeGreaterThan(0);
  }, 60_000);

  it("gives the same result with any number of threads", () => {
    const result = (threads: string) => {
      const { code, stdout } = heddle(["run", "hello", ...SMALL, "--json", "--quiet", "--threads", threads]);
      expect(code).toBe(0);
      const { engine, ...rest } = JSON.parse(stdout);
      return { ...rest, digest: engine.digest, hops: engine.packetHops, windows: engine.windows };
    };
    const alone = result("1");
    for (const threads of ["2", "3", "4", "8"]) expect(result(threads)).toEqual(alone);
    expect(heddle(["run", "hello", ...SMALL, "--threads", "0"]).code).toBe(2);
  });
});

describe("the other commands", () => {
  it("heddle topo counts the parts of 32,768 GPUs by the formulas", () => {
    const { code, stdout } = heddle(["topo", "allreduce-32k", "--json"]);
    expect(code).toBe(0);
    const { counts } = JSON.parse(stdout) as { counts: ResultDocument["topology"] };
    expect(counts).toMatchObject({ gpus: 32768, nodes: 4096, switches: 2560, links: 98304 });
  });

  it("heddle validate says that a scenario is right", () => {
    expect(heddle(["validate", "hello"]).code).toBe(0);
  });

  it("heddle presets, schema, examples and --help print something", () => {
    for (const args of [["presets"], ["presets", "ns3"], ["schema"], ["examples"], ["--help"], ["run", "--help"]]) {
      const { code, stdout } = heddle(args);
      expect(code).toBe(0);
      expect(stdout.length).toBeGreaterThan(50);
    }
  });
});

describe("the examples", () => {
  const LLAMA_8B = ["--set", "workload.model=llama-3-8b", "--set", "workload.sequence=1024"];
  const scaled: Record<string, string[]> = {
    "allreduce-1gib-32k": ["--set", "topology.gpus=1024", "--set", "topology.tiers=2", "--set", "workload.size=1MiB"],
    "allreduce-1gib-32k-pinned": ["--set", "topology.gpus=1024", "--set", "workload.size=1MiB"],
    "unstable-link-32k": ["--set", "topology.gpus=1024", "--set", "topology.tiers=2", "--set", "workload.size=256KiB"],
    "gpt-3-175b-64": ["--set", "workload.batch.global=1", "--set", "workload.parallel.virtualStages=1"],
    "gpt-3-175b-1k": ["--set", "topology.gpus=128", "--set", "workload.batch.global=16"],
    "llama-3-405b-16k": ["--set", "topology.gpus=256", "--set", "workload.batch.global=4", ...LLAMA_8B],
    "llama-3-70b-64": ["--set", "workload.batch.global=2", "--set", "workload.parallel.pp=8"],
    "allreduce-32k": ["--set", "topology.gpus=1024", "--set", "topology.tiers=2", "--set", "workload.size=256KiB"],
  };
  const folder = new URL("../../examples/", import.meta.url);
  for (const name of readdirSync(folder).filter((entry) => existsSync(new URL(`${entry}/scenario.yaml`, folder)))) {
    it(`${name} runs to its end`, () => {
      const { code, stdout, stderr } = heddle(["run", name, ...(scaled[name] ?? []), "--json", "--quiet"]);
      expect(stderr).toBe("");
      expect(code).toBe(0);
      const document = JSON.parse(stdout) as ResultDocument;
      expect(document.status).toBe("finished");
      expect(document.jctNs!).toBeGreaterThanOrEqual(document.idealJctNs);
    });
  }
});

test.each([
  ["run", "hello", "--set", "workload.size=1MiB"],
  ["run", "pause-storm"],
  ["topo", "hello"],
  ["examples"],
  ["presets"],
  ["explain-model"],
  ["explain-model", "--json"],
  ["validate", "größe…×.yaml"],
  ["--help"],
])("%s %s is ASCII where the locale has nothing else, and fits 80 columns", (...args) => {
  const { stdout, stderr } = heddle(args, undefined, { LC_ALL: "C" });
  expect(`${stdout}${stderr}`).toMatch(/^[\0-\x7f]*$/);
  if (args.includes("--json")) return;
  for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});
