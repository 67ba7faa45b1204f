import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import type { Protocol } from "../../src/plan/protocols.js";
import { choose, ncclChoice } from "../../src/scenario/tuning/choose.js";
import type { TunedAlgorithm } from "../../src/scenario/tuning/constants.js";
import { bandwidthGBps, latencyUs, type TunedCollective, timeUs, type Way } from "../../src/scenario/tuning/model.js";
import { tunedSystem } from "../../src/scenario/tuning/system.js";

/** H100 with one 400 Gb/s NIC per GPU. */
function h100(nodes: number, ranksPerNode: number) {
  return tunedSystem({
    ranks: nodes * ranksPerNode,
    ranksPerNode,
    scaleUpRateBps: ranksPerNode > 1 ? 3.6e12 : 0,
    nicRateBps: 400e9,
  });
}

/** What NCCL 2.27.5 logs as latency and bandwidth, from Meta's autoparallel (BSD). */
const LOGGED = readFileSync(new URL("../data/nccl-tuner-h100.csv", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => {
    const [collectives, algorithm, protocol, nodes, ranksPerNode, latency, bandwidth] = line.split(",");
    const way = { algorithm: algorithm as TunedAlgorithm, protocol: protocol!.toLowerCase() as Protocol };
    const system = { nodes: Number(nodes), ranksPerNode: Number(ranksPerNode) };
    const figures = { latencyUs: Number(latency), bandwidthGBps: Number(bandwidth) };
    return { collectives: collectives!.split(" / ") as TunedCollective[], ...way, ...system, ...figures };
  });

describe("NCCL's tuning model", () => {
  test.each(LOGGED)("$collectives $algorithm $protocol on $nodes x $ranksPerNode has the logged latency", (row) => {
    for (const collective of row.collectives) {
      const way: Way = { collective, algorithm: row.algorithm, protocol: row.protocol };
      // The log has one decimal, so 7 steps of 1.25 us appear as 17.5 and 8.75 as 8.8.
      expect(Math.abs(latencyUs(way, h100(row.nodes, row.ranksPerNode), "2.27") - row.latencyUs)).toBeLessThan(0.0501);
    }
  });

  // The logged bandwidths of NVLS-tree follow from a search that this model has no figures of.
  test.each(LOGGED.filter(({ algorithm }) => algorithm !== "nvls-tree"))(
    "$collectives $algorithm $protocol on $nodes x $ranksPerNode has the logged bandwidth",
    (row) => {
      for (const collective of row.collectives) {
        const way: Way = { collective, algorithm: row.algorithm, protocol: row.protocol };
        const gbps = bandwidthGBps(way, h100(row.nodes, row.ranksPerNode));
        expect(Math.abs(gbps - row.bandwidthGBps)).toBeLessThan(0.0501);
      }
    },
  );

  it("gives the times of a published calculator: 16 channels of 20 GB/s in a node", () => {
    const system = { ...h100(1, 8), ring: { count: 16, gbps: 20 } };
    const ring = (protocol: Protocol, bytes: number) =>
      timeUs({ collective: "all-reduce", algorithm: "ring", protocol }, system, bytes);
    const nvls = (bytes: number) =>
      timeUs({ collective: "all-reduce", algorithm: "nvls", protocol: "simple" }, system, bytes);
    expect(ring("ll", 8)).toBeCloseTo(15.0, 2);
    expect(ring("ll", 2 ** 20)).toBeCloseTo(28.01, 2);
    expect(ring("simple", 2 ** 28)).toBeCloseTo(1524.0, 0);
    expect(nvls(2 ** 24)).toBeCloseTo(116.75, 2);
    expect(nvls(2 ** 28)).toBeCloseTo(1493.0, 1);
  });

  const chosenOf = (reducesInScaleUp: boolean) => (nodes: number, bytes: number) =>
    choose("all-reduce", h100(nodes, 8), bytes, { hasScaleUp: true, reducesInScaleUp });

  it("chooses by size: LL for little, Simple for much, trees over many nodes", () => {
    const chosen = chosenOf(false);
    expect(chosen(1, 8)).toMatchObject({ algorithm: "ring", protocol: "ll" });
    expect(chosen(8, 8)).toMatchObject({ algorithm: "double-binary-tree", protocol: "ll" });
    expect(chosen(8, 8).timeUs).toBeCloseTo(45.2, 1);
    expect(chosen(8, 2 ** 20)).toMatchObject({ algorithm: "double-binary-tree", protocol: "ll128" });
    expect(chosen(8, 2 ** 33)).toMatchObject({ algorithm: "ring", protocol: "simple" });
  });

  it("chooses what NCCL itself would where the NVSwitches can reduce", () => {
    const chosen = chosenOf(true);
    const names = { ring: "ring", "double-binary-tree": "tree", nvls: "nvls", "nvls-tree": "nvls-tree" } as const;
    for (const nodes of [1, 2, 4, 32]) {
      for (let bytes = 8; bytes <= 2 ** 33; bytes *= 4) {
        const { algorithm, protocol, timeUs: us } = chosen(nodes, bytes);
        const own = ncclChoice("all-reduce", h100(nodes, 8), bytes)!;
        expect([names[algorithm as keyof typeof names], protocol, us]).toEqual([
          own.algorithm,
          own.protocol,
          own.timeUs,
        ]);
      }
    }
    expect(chosen(1, 2 ** 24)).toMatchObject({ algorithm: "nvls", protocol: "simple" });
    expect(chosen(4, 2 ** 28)).toMatchObject({ algorithm: "nvls-tree", protocol: "simple" });
  });
});
