import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { otherFormat } from "../../src/study/imports/common/recognise.js";
import { formatList } from "../../src/study/imports/registry.js";

const head = (path: string) => readFileSync(path).subarray(0, 4096);
const text = (content: string) => new TextEncoder().encode(content);

/** Files that we have, and the format that reads each. */
const FILES: readonly (readonly [string, string])[] = [
  ["test/data/imports/ring.goal", "goal"],
  ["test/data/imports/simai.txt", "simai"],
  ["test/data/imports/step.0.et", "chakra"],
  ["test/data/imports/ring-4.xml", "msccl"],
  ["test/data/imports/plan.json", "msccl"],
  ["test/data/imports/nccl-graph.xml", "nccl-graph"],
  ["test/data/nccl/four-gpus.xml", "nccl-topology"],
  ["test/data/htsim/chain.cm", "htsim"],
  ["test/data/htsim/two-tiers.topo", "htsim-topo"],
  ["test/data/htsim/three-tiers.topo", "htsim-topo"],
];

/** Beginnings, and the format that reads each. */
const TEXTS: readonly (readonly [string, string])[] = [
  ["4 1 3\n3\n0 3 100Gbps 1000ns 0\n1 3 100Gbps 1000ns 0\n", "ns3"],
  ["9 8 1 0 8 H100\n8\n0 8 2880Gbps 0.000025ms 0\n", "ns3"],
  ["2\n0 1 3 100 1000000 2.0\n1 0 3 100 1000000 2.5\n", "ns3"],
  ["ENABLE_QCN 1\nUSE_DYNAMIC_PFC_THRESHOLD 1\n", "ns3"],
  ["topology: [ Ring, Switch ]\nnpus_count: [ 4, 2 ]\n", "astra-sim"],
  ['{ "scheduling-policy": "LIFO", "all-reduce-implementation": ["ring"] }', "astra-sim"],
  ['{ "logical-dims": ["8", "2"] }', "astra-sim"],
  ['<?xml version="1.0"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">', "graphml"],
  ["// a fabric\ngraph fabric { a -- b }", "dot"],
  ["strict digraph {\n a -> b }", "dot"],
  ['{"directed": false, "multigraph": true, "nodes": [{"id": 1}], "edges": []}', "networkx"],
];

describe("what a file looks like", () => {
  test.each([
    ...FILES.map(([path, format]) => [path, head(path), format] as const),
    ...TEXTS.map(([content, format]) => [content, text(content), format] as const),
  ])("%j", (_, bytes, format) => {
    expect(otherFormat(bytes, [format])).toBeUndefined();
    expect(otherFormat(bytes, [])).toMatch(`; heddle import ${format} reads it`);
    expect(formatList().map(({ name }) => name)).toContain(format);
  });

  test.each([
    ["switch,port,neighbour,port\nleaf-0,0,gpu-0,0\n", "looks like a list of cables; heddle topo SCENARIO --check"],
    ["src,dst,size\n0,1,1MiB\n", "looks like a list of flows; name it in workload: { kind: flows, file: … }"],
    ["allreduce,0,65536,tree,ll,2,-1,-1\n", "looks like rows of NCCL's tuner; name it as tuner of a collective"],
    ['{"schemaVersion": 1, "deviceProperties": [', "looks like a trace of PyTorch's profiler; Chakra's converter"],
    ["version: 1\ntopology: { kind: leaf-spine, gpus: 2 }\n", "looks like a scenario of heddle; heddle run takes it"],
    ['{"version":1,"topology":{"kind":"custom","links":[{"a":"x"}]}}', "looks like a scenario of heddle"],
  ])("%j is no format of imports", (content, message) => {
    expect(otherFormat(text(content), [])).toMatch(message);
  });

  test("all examples are scenarios, and nothing else", () => {
    for (const name of readdirSync("examples")) {
      if (!/^[a-z]/.test(name) || name.includes(".")) continue;
      const files = readdirSync(`examples/${name}`).filter((file) => file === "scenario.yaml");
      for (const file of files) expect(otherFormat(head(`examples/${name}/${file}`), ["scenario"])).toBeUndefined();
    }
  });

  test("text without a sign of any is not known", () => {
    for (const content of ["", "hello", "1,2,3\n", "{}", "<a/>", "\u0000\u0001\u0002"])
      expect(otherFormat(text(content), [])).toBeUndefined();
  });

  test("long runs of what patterns look for end soon", () => {
    const runs = [
      "\n",
      " ",
      "1\n",
      "1 ",
      "1\n\n",
      "//\n",
      "/*",
      "a,",
      "a ,",
      "<!--x-->",
      "graph ",
      "{",
      "0 1 2 3 4 5\n",
      "num_ranks ",
    ];
    for (const first of ["", "1", "<", "{", '"links":', "strict "]) {
      for (const run of runs) expect(() => otherFormat(text(first + run.repeat(4096 / run.length)), [])).not.toThrow();
    }
  });
});
