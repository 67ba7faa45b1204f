import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { RunPlan } from "../../src/plan/plan.js";
import { leafDeliveryPs } from "../model/support.js";
import { runOracle } from "../oracle/run.js";
import { expectSameOutcome } from "../support/compare.js";
import { runCore } from "../support/run-core.js";
import { expectNoSurprise, faultOf, planOf, read } from "./support.js";

const RUNS = Number(process.env.HEDDLE_RUNS ?? 200);
const SAMPLE = readFileSync("test/data/imports/nccl-graph-nics.xml", "utf8");
const TOPOLOGY = readFileSync("test/data/nccl/four-gpus.xml", "utf8");

type Channel = readonly [into: number, gpus: readonly number[], out: number];

const graph = (pattern: number, channels: readonly Channel[], rest = 'typeinter="PIX"') => ({
  "graph.xml": `<graphs version="1"><graph id="0" pattern="${pattern}" nchannels="${channels.length}" ${rest}>
${channels.map(([into, gpus, out]) => `<channel><net dev="${into}"/>${gpus.map((dev) => `<gpu dev="${dev}"/>`).join("")}<net dev="${out}"/></channel>`).join("\n")}
</graph></graphs>`,
});

/** Nodes under one leaf. */
const nodes = (count: number, gpusPerNode: number, more = {}) => ({
  topology: { kind: "leaf-spine", gpus: count * gpusPerNode, gpusPerNode, radix: 64, ...more },
});

/** By NIC to the fabric that sends: `rank.port`, and the one that receives, in the order of flows. */
function betweenNodes({ flows, fabric }: RunPlan): string[] {
  const { nics } = fabric;
  const ports = new Map<number, number>();
  const names = Array.from({ length: nics.count }, (_, nic) => {
    if (nics.isScaleUp[nic] === 1) return "";
    const rank = nics.rank[nic]!;
    const port = ports.get(rank) ?? 0;
    ports.set(rank, port + 1);
    return `${rank}.${port}`;
  });
  const ways = Array.from(flows.srcNic, (src, f) => `${names[src]} ${names[flows.dstNic[f]!]}`);
  return [...new Set(ways.filter((way) => way !== " "))];
}

describe("NICs of channels", () => {
  test("carry what crosses between nodes, and no others do", async () => {
    const channels: Channel[] = [
      [1, [1, 2, 3, 0, 4], 4],
      [3, [3, 2, 1, 0, 4], 4],
    ];
    const plan = await planOf("nccl-graph", graph(4, channels), { size: "1MiB", nodes: 2 }, nodes(2, 5));
    expect(betweenNodes(plan)).toEqual(["4.0 6.0", "9.0 1.0", "4.0 8.0", "9.0 3.0"]);
  });

  test("take a ring twice as long where both channels have one NIC", async () => {
    const bytes = 2 ** 20;
    const endOf = async (channels: Channel[]) => {
      const plan = await planOf("nccl-graph", graph(4, channels), { size: "1MiB", nodes: 2 }, nodes(2, 2));
      const outcome = await runCore(plan);
      expectSameOutcome(outcome, runOracle(plan));
      return Math.max(...outcome.programs!.ranks.finishPs);
    };
    // A NIC of 400 Gb/s carries 3/2 of the half buffer of each channel that crosses over it.
    const ps = (halves: number) => ((halves * 1.5 * (bytes / 2) * (4178 / 4096)) / 50e9) * 1e12;
    const apart = await endOf([
      [0, [0, 1], 1],
      [1, [1, 0], 0],
    ]);
    const together = await endOf([
      [0, [0, 1], 1],
      [0, [0, 1], 1],
    ]);
    expect(apart / ps(1)).toBeGreaterThan(1);
    expect(together / ps(2)).toBeGreaterThan(1);
    expect(together / apart).toBeGreaterThan(1.5);
    expect(together / apart).toBeLessThan(2);
  });

  test("are ports of their own where a GPU has several", async () => {
    const channels: Channel[] = [
      [0, [0, 1], 3],
      [3, [1, 0], 0],
    ];
    const options = { size: "1MiB", nodes: 2, nics: [0, 0, 1, 1] };
    const { nicsPerGpu } = await read("nccl-graph", graph(4, channels), options);
    expect(nicsPerGpu).toBe(2);
    const plan = await planOf("nccl-graph", graph(4, [[0, [0, 1], 2]]), options, nodes(2, 2, { planes: 2 }));
    expect(betweenNodes(plan)).toEqual(["1.0 2.0", "3.0 0.0"]);
    const crossed = planOf("nccl-graph", graph(4, channels), options, nodes(2, 2, { planes: 2 }));
    await expect(crossed).rejects.toThrow(/NIC 1 of gpu-1 does not reach NIC 0 of gpu-2/);
    const two = planOf("nccl-graph", graph(4, channels), options, nodes(2, 2));
    await expect(two).rejects.toThrow(/2 NICs for each GPU, and gpu-1 has 1 in this fabric; write topology\.planes: 2/);
    // Four ports: two for each NIC.
    const four = await planOf("nccl-graph", graph(4, [[1, [0, 1], 3]]), options, nodes(2, 2, { planes: 4 }));
    expect(betweenNodes(four)).toEqual(["1.2 2.2", "1.3 2.3", "3.2 0.2", "3.3 0.3"]);
  });

  test("are reached by way of the GPU that has them, chunk by chunk", async () => {
    const files = graph(4, [[0, [0, 1], 0]], 'typeinter="PXN"');
    const { notes } = await read("nccl-graph", files, { size: "8KiB", nodes: 2 });
    expect(notes).toEqual([]);
    const plan = await planOf("nccl-graph", files, { size: "8KiB", nodes: 2 }, nodes(2, 2));
    expect(betweenNodes(plan)).toEqual(["0.0 2.0", "2.0 0.0"]);
    const outcome = await runCore(plan);
    expectSameOutcome(outcome, runOracle(plan));
    const near = await read("nccl-graph", graph(4, [[0, [0, 1], 0]]), { size: "8KiB", nodes: 2 });
    expect(near.notes).toEqual([
      "GPU 1 of a node uses a NIC that is at GPU 0: the way to it is the scale-up network here, not PCIe",
    ]);
    const apart = planOf("nccl-graph", files, { size: "8KiB", nodes: 2 }, nodes(2, 2, { scaleUp: false }));
    await expect(apart).rejects.toThrow(/ranks 1 and 0 use a NIC of one of them, and no scale-up network joins them/);
  });

  test("are those of the topology file beside it, and rings of odd nodes alternate", async () => {
    const files = { "graph.xml": SAMPLE, "topo.xml": TOPOLOGY };
    const { sections, notes } = await read("nccl-graph", files, { size: "1MiB", nodes: 2 });
    expect(sections).toMatchObject({ topology: { kind: "rail-optimized", gpus: 8, gpusPerNode: 4 } });
    expect(notes).toEqual([]);
    const { topology } = sections!;
    const plan = await planOf("nccl-graph", files, { size: "1MiB", nodes: 2 }, { topology });
    // NIC 3 is at GPU 0, and NIC 1 at GPU 2: no message crosses rails.
    expect(betweenNodes(plan)).toEqual(["2.0 6.0", "4.0 0.0", "0.0 4.0", "6.0 2.0"]);
    const trees = await planOf("nccl-graph", files, { size: "1MiB", nodes: 2, algorithm: "tree" }, { topology });
    expect(betweenNodes(trees)).toEqual(["5.0 1.0", "1.0 5.0"]);
  });

  test("leave trees of one GPU a node as they were", async () => {
    const plan = await planOf("nccl-graph", graph(3, [[0, [0], 0]]), { algorithm: "tree", size: "8KiB", nodes: 2 });
    expect([...(await runCore(plan)).programs!.ranks.finishPs]).toEqual(Array(2).fill(2 * leafDeliveryPs(1)));
  });

  test.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, unknown>>, RegExp]>([
    [
      "another order of NICs than that of GPUs",
      { "graph.xml": SAMPLE },
      { nodes: 2 },
      /begins with <net> 3 and GPU 0, and by their order NIC 3 is that of GPU 3; name the file of NCCL_TOPO_DUMP_FILE/,
    ],
    ["one net", { "graph.xml": SAMPLE.replace('<net dev="0x1"/>', "") }, {}, /<channel>: has one <net>/],
    [
      "three nets",
      { "graph.xml": SAMPLE.replace('<net dev="0x1"/>', '<net dev="1"/><net dev="1"/>') },
      {},
      /has two <net>/,
    ],
    ["a NIC that no GPU has", { "graph.xml": SAMPLE }, { nodes: 2, nics: [0, 1] }, /no GPU has NIC 3/],
    [
      "a GPU that there is not",
      { "graph.xml": SAMPLE },
      { nodes: 2, nics: [9] },
      /nics names GPU 9, and a node has GPUs 0 to 3/,
    ],
    ["two topologies", { "a.xml": TOPOLOGY, "b.xml": TOPOLOGY }, {}, /b\.xml: a second topology file/],
    ["a topology alone", { "a.xml": TOPOLOGY }, {}, /a\.xml: name the graph file, too/],
    [
      "a topology of other nodes",
      { ...graph(4, [[0, [0, 1], 0]]), "topo.xml": TOPOLOGY },
      { nodes: 2 },
      /topo\.xml: 4 GPUs, and the graphs have 2/,
    ],
    ["a NIC of another host", { "graph.xml": SAMPLE.replace("0x3", "0x100000000000003") }, {}, /NIC of another host/],
  ])("are refused with %s", async (_, files, options, message) => {
    await expect(faultOf("nccl-graph", files, { size: "1MiB", ...options })).resolves.toMatch(message);
  });

  test("are as many as the node with the fewest channels has", async () => {
    const [a, b] = [
      graph(4, [
        [0, [0], 0],
        [0, [0], 0],
      ]),
      graph(4, [[0, [0], 0]]),
    ];
    const { workload } = await read(
      "nccl-graph",
      { "a.xml": a["graph.xml"], "b.xml": b["graph.xml"] },
      { size: "1MiB" },
    );
    expect(workload).toMatchObject({ communicators: [{ bytes: 2 ** 20 }] });
  });

  test("are read or refused where files were changed", async () => {
    const files = { "graph.xml": SAMPLE, "topo.xml": TOPOLOGY };
    const { refused } = await expectNoSurprise("nccl-graph", files, { size: "1MiB", nodes: 2 }, RUNS);
    expect(refused).toBeGreaterThan(RUNS / 3);
  });
});
