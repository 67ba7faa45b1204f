import { expect, test } from "vitest";
import { describeTopology, formatTopology } from "../../src/answer/result/topology-text.js";
import { allReduce, tinyPlan, tinyScenario } from "../ideal/support.js";
import { COUNTS } from "./support.js";

const PLAN = tinyPlan({ leaves: 2, hostsPerLeaf: 4, spines: 2, gpusPerNode: 2, uplinkBps: { "0-0": 100e9 } });
const SCENARIO = tinyScenario(allReduce(4096));

test("parts, bandwidth and latencies of a fabric", () => {
  const report = describeTopology(SCENARIO, PLAN, COUNTS);
  expect(report).toMatchObject({ memory: null, bisectionBps: 650e9 });
  expect(report.oversubscription).toBeCloseTo(3200 / 1300, 12);
  expect(report.paths.map(({ kind, to, latencyNs }) => [kind, to, latencyNs])).toEqual([
    ["same node", "gpu-1", 1008.09],
    ["same leaf", "gpu-1", 2347.12],
    ["across", "gpu-4", 2 * 700 + 4 * 90 + 3 * 600 + 4 * 83.56],
  ]);
});

test("the report", () => {
  const report = describeTopology(SCENARIO, PLAN, COUNTS, { processBytes: 810 * 2 ** 20, coreBytes: 340 * 2 ** 20 });
  expect(formatTopology(report, { color: false })).toMatchInlineSnapshot(`
    "tiny  leaf-spine, 4 GPUs in 4 nodes
      Transceivers      8
      Oversubscription  2.46 : 1 at the leaves
      Bisection         650 Gb/s each way
      Diameter          4 links, 3 switches
      Memory for a run  about 810 MiB, 340 MiB of it in the core

    Switches
      leaf      2  6 ports
      spine     2  2 ports
      nvswitch  4  2 ports

    Links
      access   8   400 Gb/s
      scaleUp  8  3.20 Tb/s
      fabric   1   100 Gb/s
      fabric   3   400 Gb/s

    Unloaded latency of a full packet
      same node  gpu-0 -> gpu-1    1 switch  1.01 us
      same leaf  gpu-0 -> gpu-1    1 switch  2.35 us
      across     gpu-0 -> gpu-4  3 switches  3.89 us

    Shortest paths between NICs of the fabric
        1 switch  2 links  42.9 % of pairs  1 path
      3 switches  4 links  57.1 % of pairs  2 paths
    "
  `);
});
