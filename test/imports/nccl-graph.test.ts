import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { TraceGraphs } from "../../src/scenario/types/trace.js";
import { treesOf } from "../../src/study/imports/nccl-graph/over-nodes.js";
import { leafDeliveryPs } from "../model/support.js";
import { runCore } from "../support/run-core.js";
import { expectNoSurprise, faultOf, planOf, read, run } from "./support.js";

const RUNS = Number(process.env.HEDDLE_RUNS ?? 200);
const SAMPLE = readFileSync("test/data/imports/nccl-graph.xml", "utf8");
const one = (text: string) => ({ "graph.xml": text });
const graph = (pattern: number, ...channels: number[][]) =>
  one(`<graphs version="1"><graph id="0" pattern="${pattern}" nchannels="${channels.length}">
${channels.map((gpus) => `<channel><net dev="0"/>${gpus.map((dev) => `<gpu dev="${dev}"/>`).join("")}<net dev="0"/></channel>`).join("\n")}
</graph></graphs>`);

/** Four GPUs in a row of which the middle and the way back are slow: pairs 1-2 and 3-0. */
const PAIRS = {
  kind: "custom",
  hosts: ["g0", "g1", "g2", "g3"],
  switches: ["x0", "x1", "x2", "x3"].map((name) => ({ name, latency: "0ns" })),
  links: [
    ...[0, 1, 2, 3].map((i) => ({ a: `g${i}`, b: `x${i}`, rate: "4800Gbps", latency: "1ns", fecLatency: "0ns" })),
    { a: "x0", b: "x1", rate: "300GBps", latency: "300ns", fecLatency: "0ns" },
    { a: "x2", b: "x3", rate: "300GBps", latency: "300ns", fecLatency: "0ns" },
    { a: "x1", b: "x2", rate: "12GBps", latency: "1us", fecLatency: "0ns" },
    { a: "x3", b: "x0", rate: "12GBps", latency: "1us", fecLatency: "0ns" },
  ],
};

describe("graphs of NCCL", () => {
  test("run the rings that NCCL chose, at the same time", async () => {
    const size = 2 ** 22;
    const plan = await planOf(
      "nccl-graph",
      one(SAMPLE),
      { size: "4MiB" },
      {
        topology: PAIRS,
        switch: { buffer: "256MiB" },
        nic: { latency: "0ns" },
      },
    );
    // Each direction of the slow links carries one ring with half of the buffer: 2 · 3/4 of that.
    const boundPs = ((2 * (3 / 4) * (size / 2) * (4178 / 4096)) / 12e9) * 1e12;
    const endPs = Math.max(...(await runCore(plan)).programs!.ranks.finishPs);
    expect(endPs / boundPs).toBeGreaterThan(1);
    expect(endPs / boundPs).toBeLessThan(1.05);
  });

  test("connect the last GPU of a node to the first one of the next", async () => {
    const { workload, ranks, gpusPerNode, notes } = await read("nccl-graph", graph(4, [1, 0], [0, 1]), {
      size: "1MiB",
      nodes: 3,
      nics: [[0, 1]],
    });
    expect([ranks, gpusPerNode]).toEqual([6, 2]);
    expect((workload as TraceGraphs).communicators).toMatchObject([
      { ranks: [1, 0, 3, 2, 5, 4], bytes: 524288 },
      { ranks: [0, 1, 2, 3, 4, 5], bytes: 524288 },
    ]);
    expect(notes).toEqual([]);
  });

  test("take what a ring takes", async () => {
    const { programs } = await run("nccl-graph", graph(4, [0, 2, 1, 3]), { size: "64KiB" });
    expect([...programs!.ranks.finishPs]).toEqual(Array(4).fill(6 * leafDeliveryPs(4)));
  });

  test("run two trees over nodes, each with half of the buffer", async () => {
    const options = { algorithm: "tree", size: "8KiB", nodes: 2 };
    const { programs } = await run("nccl-graph", graph(3, [0]), options);
    expect([...programs!.ranks.finishPs]).toEqual(Array(2).fill(2 * leafDeliveryPs(1)));
  });

  test("begin the links of trees where the pattern says", () => {
    const channel = [
      [1, 0],
      [3, 2],
      [5, 4],
      [7, 6],
    ];
    // Over nodes: 0 is above 2, which is above 1 and 3; and 3 above 1, which is above 0 and 2.
    const parents = (pattern: number) => treesOf(channel, pattern).map((parent) => [...parent]);
    expect(parents(3)).toEqual([
      [1, -1, 3, 5, 5, 1, 7, 5],
      [1, 3, 3, 7, 5, 3, 7, -1],
    ]);
    // Split: children hang below the second GPU of their parent.
    expect(parents(2)).toEqual([
      [1, -1, 3, 4, 5, 0, 7, 4],
      [1, 2, 3, 6, 5, 2, 7, -1],
    ]);
    // Balanced: the lower child below the second one, the other below the first.
    expect(parents(1)).toEqual([
      [1, -1, 3, 4, 5, 1, 7, 5],
      [1, 3, 3, 7, 5, 2, 7, -1],
    ]);
  });

  test.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, unknown>>, RegExp]>([
    ["no such graph", graph(5, [0, 1]), {}, /graph\.xml: there is no graph of a ring with channels; there are: NVLS/],
    ["a GPU twice", graph(4, [0, 0]), {}, /graph\.xml:2:\d+: <gpu>: gpu 0 is in this channel already/],
    ["channels of other GPUs", graph(4, [0, 1], [0, 2]), {}, /<channel>: has 2 GPUs of the 3 that the graphs have/],
    [
      "another number of channels",
      one(SAMPLE.replace('nchannels="2"', 'nchannels="3"')),
      {},
      /nchannels is 3, and there are 2/,
    ],
    ["one GPU", graph(4, [0]), {}, /one GPU has nobody to send to/],
    ["another pattern", graph(9, [0, 1]), {}, /pattern is "9"; write a whole number from 1 to 6/],
    [
      "another collective over trees",
      one(SAMPLE),
      { algorithm: "tree", collective: "all-gather" },
      /all-gather over trees/,
    ],
    [
      "a gpu outside of a channel",
      one(SAMPLE.replace("<channel>", '<gpu dev="1"/><channel>')),
      {},
      /<gpu>: belongs into <channel>/,
    ],
    ["another document", one("<system/>"), {}, /<system>: no element of NCCL's graphs/],
    ["too many nodes", one(SAMPLE), { nodes: 65536 }, /at most 131072 ranks/],
    [
      "files of other sizes",
      { ...graph(4, [0, 1]), "b.xml": graph(4, [0])["graph.xml"]! },
      {},
      /b\.xml: 1 GPUs, and graph\.xml has 2/,
    ],
  ])("are refused with %s", async (_, files, options, message) => {
    await expect(faultOf("nccl-graph", files, { size: "1MiB", ...options })).resolves.toMatch(message);
  });

  test("are read or refused where they were changed", async () => {
    const { refused } = await expectNoSurprise("nccl-graph", one(SAMPLE), { size: "1MiB" }, RUNS);
    expect(refused).toBeGreaterThan(RUNS / 3);
  });
});
