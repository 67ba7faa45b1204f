import { describe, expect, it, test } from "vitest";
import { runCore } from "../support/run-core.js";
import * as costs from "./collective-costs.js";
import { ACK_PS, completionPs, leafDeliveryPs, oneLeaf, PACKET_PS, PAYLOAD_BYTES, planOf } from "./support.js";

/** In µs; a byte at 50 GB/s. */
const REFERENCE = { alpha: 3, beta: 1e6 / 50e9 };

describe("costs of a published table, α = 3 µs, B = 50 GB/s, in µs", () => {
  test.each([
    [8, 64e3, 44.24, 20.24, 12.84, 34.1],
    [8, 64e6, 2282, 2258, 3849, 3007],
    [64, 1e6, 417.38, 75.38, 138.0, 151.9],
    [64, 1e9, 39_753, 39_411, 120_018, 42_436],
    [512, 1e9, 42_988, 39_976, 180_027, 42_993],
    [4096, 64e6, 27_129, 2631, 15_396, 3491],
    [32_768, 1e6, 196_642, 130.0, 345.0, 250.0],
    [32_768, 1e9, 236_601, 40_089, 300_045, 43_885],
  ])("%i ranks, %i bytes", (ranks, size, ring, rabenseifner, doubling, tree) => {
    const digits = (us: number) => Number(us.toPrecision(us < 1000 ? 4 : 5));
    const isNear = (us: number, wanted: number) =>
      expect(Math.abs(us / wanted - 1), `${digits(us)}`).toBeLessThan(3e-4);
    isNear(costs.ringAllReduce(ranks, size, REFERENCE), ring);
    isNear(costs.rabenseifner(ranks, size, REFERENCE), rabenseifner);
    isNear(costs.recursiveDoubling(ranks, size, REFERENCE), doubling);
    // Of the last column three digits are given where it is small.
    expect(costs.doubleBinaryTree(ranks, size, REFERENCE) / tree).toBeCloseTo(1, 2);
  });

  test.each([
    [2, 58.48],
    [16, 76.6],
    [128, 79.53],
    [1024, 85.19],
  ])("hierarchical, %i nodes of 8: 8 GB", (n, milliseconds) => {
    const [inside, between] = [
      { alpha: 1, beta: 1e6 / 370e9 },
      { alpha: 3, beta: 1e6 / 48.5e9 },
    ];
    const us = costs.hierarchical({ g: 8, n }, 8e9, inside, between);
    expect(us / 1000).toBeCloseTo(milliseconds, 1);
  });
});

/** Under one leaf a message of `p` packets takes `α + pβ` exactly. */
const LEAF = { alpha: leafDeliveryPs(0), beta: PACKET_PS };
const TRANSPORT = { kind: "roce", window: "unlimited", ackEvery: 65_535 };

async function runPs(ranks: number, packets: number, workload: object): Promise<number> {
  const size = packets === 0 ? {} : { size: `${packets * PAYLOAD_BYTES}B` };
  const plan = planOf({
    topology: oneLeaf(ranks),
    transport: TRANSPORT,
    workload: { kind: "collective", ...size, ...workload },
  });
  return completionPs(await runCore(plan));
}

/** Numbers of ranks, powers of two and others. */
const ANY = [2, 3, 5, 8, 13, 16, 31];
const POWERS = [2, 8, 16, 32];

describe("to the picosecond under one leaf, where nothing is in another's way:", () => {
  const cases: readonly (readonly [string, string, costs.Cost, readonly number[]])[] = [
    ["all-reduce", "ring", costs.ringAllReduce, ANY],
    ["reduce-scatter", "ring", costs.ringHalf, ANY],
    ["all-gather", "ring", costs.ringHalf, ANY],
    ["all-reduce", "halving-doubling", costs.rabenseifner, POWERS],
    ["reduce-scatter", "halving-doubling", costs.logHalf, POWERS],
    ["all-gather", "recursive-doubling", costs.logHalf, POWERS],
    ["all-reduce", "recursive-doubling", costs.recursiveDoubling, POWERS],
    ["all-gather", "bruck", costs.logHalf, ANY],
    ["reduce-scatter", "bruck", costs.logHalf, ANY],
    ["all-gather", "pat", costs.logHalf, ANY],
    ["reduce-scatter", "pat", costs.logHalf, ANY],
    ["all-to-all", "bruck", costs.bruckAllToAll, ANY],
    ["all-to-all", "pairwise", costs.pairwise, ANY],
    ["reduce-scatter", "pairwise", costs.pairwise, ANY],
    ["all-gather", "pairwise", costs.pairwise, ANY],
  ];
  test.each(cases)("%s by %s", async (collective, algorithm, cost, numbers) => {
    for (const ranks of numbers) {
      const packets = 3 * ranks;
      const ps = await runPs(ranks, packets, { collective, algorithm });
      expect(ps, `${ranks} ranks`).toBe(Math.round(cost(ranks, packets, LEAF)));
    }
  });

  test.each([
    ["halving-doubling", costs.rabenseifner],
    ["recursive-doubling", costs.recursiveDoubling],
  ])("%s with ranks that are folded: about two messages of the whole buffer more", async (algorithm, cost) => {
    for (const [ranks, workers] of [
      [3, 2],
      [12, 8],
      [15, 8],
      [31, 16],
    ] as const) {
      const packets = 2 * workers;
      const ps = await runPs(ranks, packets, { algorithm });
      // Those that need not wait are ahead, and send to some that still receive from others.
      expect(ps).toBeLessThanOrEqual(1.7 * cost(ranks, packets, LEAF));
      // A rank that is folded may get its result while others still have a message to wait for.
      expect(ps).toBeGreaterThan(cost(workers, packets, LEAF));
      expect(ps).toBeGreaterThanOrEqual(cost(ranks, packets, LEAF) - leafDeliveryPs(packets));
    }
  });

  it("a chain: (N-1)(α + cβ), and cβ for each chunk but the first", async () => {
    for (const [ranks, chunks, each] of [
      [2, 1, 4],
      [5, 6, 3],
      [9, 20, 2],
    ] as const) {
      for (const collective of ["broadcast", "reduce"]) {
        const chunk = `${each * PAYLOAD_BYTES}B`;
        const ps = await runPs(ranks, each * chunks, { collective, algorithm: "ring", chunk, root: ranks - 1 });
        const wanted = costs.chain(ranks, each * chunks, LEAF, chunks);
        // A NIC that passes a chunk on acknowledges it as well.
        expect(ps).toBeGreaterThanOrEqual(wanted);
        expect(ps).toBeLessThanOrEqual(wanted + chunks * ACK_PS);
        // Without overlap of latencies, as tables have it.
        expect(ps).toBeLessThanOrEqual((ranks - 2 + chunks) * leafDeliveryPs(each));
      }
    }
  });

  it("a ring in loops of a chunk each: so many rings one after the other", async () => {
    for (const loops of [1, 2, 3]) {
      const ps = await runPs(4, 4 * 2 * loops, { algorithm: "ring", chunk: `${2 * PAYLOAD_BYTES}B` });
      expect(ps).toBe(loops * costs.ringAllReduce(4, 4 * 2, LEAF));
    }
  });

  it("a collective that is repeated: so many times the time", async () => {
    for (const [collective, algorithm] of [
      ["all-reduce", "halving-doubling"],
      ["all-reduce", "ring"],
      ["all-to-all", "bruck"],
      ["all-gather", "pat"],
    ]) {
      const [once, thrice] = [
        await runPs(8, 24, { collective, algorithm }),
        await runPs(8, 24, { collective, algorithm, repeat: 3 }),
      ];
      expect(thrice).toBe(3 * once);
    }
  });

  it("a scatter sends without a gap, directly", async () => {
    expect(await runPs(9, 18, { collective: "scatter", algorithm: "direct" })).toBe(leafDeliveryPs(16));
    expect(await runPs(5, 7, { collective: "send-recv" })).toBe(leafDeliveryPs(7));
  });
});

describe("under one leaf, within bounds of latency and bandwidth:", () => {
  /** What the busiest NIC sends or receives, and messages that wait for one another. */
  interface Bounds {
    readonly busiest: number;
    readonly depth: number;
    /** At most this factor times the sum of both. */
    readonly factor: number;
  }
  const half = (ranks: number) => (ranks - 1) / ranks;
  const cases: readonly (readonly [string, string, (ranks: number) => Bounds])[] = [
    ["all-to-all", "direct", (n) => ({ busiest: half(n), depth: 1, factor: 1.2 })],
    ["all-gather", "direct", (n) => ({ busiest: half(n), depth: 1, factor: 1.2 })],
    ["reduce-scatter", "direct", (n) => ({ busiest: half(n), depth: 1, factor: 1.2 })],
    ["all-reduce", "direct", (n) => ({ busiest: 2 * half(n), depth: 2, factor: 1.2 })],
    ["gather", "direct", (n) => ({ busiest: half(n), depth: 1, factor: 1 })],
    ["gather", "tree", (n) => ({ busiest: half(n), depth: 1, factor: 1.2 })],
    ["scatter", "tree", (n) => ({ busiest: half(n), depth: 1, factor: 1.2 })],
    ["broadcast", "direct", (n) => ({ busiest: n - 1, depth: 1, factor: 1 })],
    ["reduce", "direct", (n) => ({ busiest: n - 1, depth: 1, factor: 1 })],
    ["broadcast", "tree", () => ({ busiest: 2, depth: 2, factor: 1.5 })],
    ["reduce", "tree", () => ({ busiest: 2, depth: 2, factor: 1.5 })],
    ["all-reduce", "tree", () => ({ busiest: 3, depth: 4, factor: 1.5 })],
    ["all-reduce", "double-binary-tree", () => ({ busiest: 2, depth: 4, factor: 1.6 })],
  ];
  test.each(cases)("%s by %s", async (collective, algorithm, boundsOf) => {
    for (const ranks of [8, 16]) {
      const packets = 64 * ranks;
      const { busiest, depth, factor } = boundsOf(ranks);
      const ps = await runPs(ranks, packets, { collective, algorithm });
      const [latency, bandwidth] = [depth * LEAF.alpha, busiest * packets * LEAF.beta];
      const what = `${ranks} ranks: ${(ps / (latency + bandwidth)).toFixed(3)} of the sum`;
      expect(ps, what).toBeGreaterThanOrEqual(Math.max(latency, bandwidth));
      expect(ps, what).toBeLessThanOrEqual(Math.ceil(factor * (latency + bandwidth)));
    }
  });
});
