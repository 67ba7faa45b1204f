import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { readTuner } from "../../src/scenario/tuning/tuner-file.js";
import type { CollectiveWorkload } from "../../src/scenario/types/scenario.js";

const TUNER = readFileSync(new URL("../data/nccl/tuner.conf", import.meta.url), "utf8");

/** What a collective over 4 nodes of 8 GPUs takes. */
function chosen(workload: object, gpus = 32) {
  const written = { kind: "collective", algorithm: "auto", tuner: TUNER, ...workload };
  const topology = { kind: "rail-optimized", gpus, gpusPerNode: 8 };
  const { scenario } = parseScenario({ version: 1, topology, workload: written } as never);
  const { algorithm, protocol, channels } = scenario.workload as CollectiveWorkload;
  return { algorithm, protocol, channels };
}

describe("rows of NCCL's tuner", () => {
  test("the first row that fits by collective, size, nodes and ranks", () => {
    expect(chosen({ size: "64KiB" })).toMatchObject({ algorithm: "double-binary-tree", protocol: "ll" });
    expect(chosen({ size: "1MiB" })).toEqual({ algorithm: "ring", protocol: "ll128", channels: 2 });
    expect(chosen({ collective: "all-gather", size: "1GiB" })).toEqual({
      algorithm: "ring",
      protocol: "simple",
      channels: 3,
    });
  });

  test("NCCL's model where no row fits, or where there is no such way", () => {
    const model = (size: string, gpus?: number) => chosen({ size, tuner: undefined }, gpus);
    expect(chosen({ size: "1MiB" }, 64)).toEqual(model("1MiB", 64));
    expect(chosen({ size: "4MiB" })).toEqual(model("4MiB"));
    expect(chosen({ size: "1GiB" })).toEqual(model("1GiB"));
    // PAT runs on several nodes of one GPU only.
    const pat = { collective: "all-gather", size: "1MiB" };
    expect(chosen({ ...pat, tuner: "allgather,0,99999999,pat,simple,-1,-1,-1" })).toEqual(
      chosen({ ...pat, tuner: undefined }),
    );
  });

  test.each([
    ["allreduce,0,1,tree", "line 1: 4 fields; write collective_type,min_bytes"],
    ["#\nalltoall,0,1,ring,ll,-1,-1,-1", 'line 2: collective_type is "alltoall"; write broadcast, reduce'],
    ["allreduce,0,1,rings,ll,-1,-1,-1", 'line 1: algorithm is "rings"; write tree, ring'],
    ["allreduce,0,1,ring,ll256,-1,-1,-1", 'line 1: protocol is "ll256"; write ll, ll128 or simple'],
    ["allreduce,2,1,ring,ll,-1,-1,-1", "line 1: min_bytes is above max_bytes"],
    ["allreduce,0,1k,ring,ll,-1,-1,-1", 'line 1: max_bytes is "1k"; write a whole number from 0'],
    ["a.conf", '"a.conf" names a file, which is read by the command line only; write its text'],
    ["#,", "no row; write e.g. allreduce,0,65536,tree,ll,-1,-1,-1"],
  ])("%s is refused", (tuner, message) => {
    expect(() => chosen({ size: "1MiB", tuner })).toThrow(message);
  });

  test("a tuner beside a named algorithm is refused", () => {
    expect(() => chosen({ size: "1MiB", algorithm: "ring" })).toThrow("a tuner where the algorithm is named");
  });

  test("any text is read or refused with its line", () => {
    const put = fc.oneof(fc.constantFrom(",", "\n", "-", "1e9", "ring"), fc.string({ maxLength: 5 }));
    const mutation = fc.record({ at: fc.nat(TUNER.length), cut: fc.nat(20), put });
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        let text = TUNER;
        for (const { at, cut, put } of mutations) text = text.slice(0, at) + put + text.slice(at + cut);
        const read = readTuner(text);
        if (typeof read === "string") expect(read).toMatch(/^(line \d+: |no row)/);
      }),
      { numRuns: Number(process.env.HEDDLE_RUNS ?? 1000) },
    );
  });
});
