import { expect, test } from "vitest";
import { formatResult } from "../../src/answer/result/text.js";
import { simulate } from "../../src/api/simulate.js";
import { metricsOf } from "../../src/study/compare/metrics.js";

const HOSTS = ["reader", "writer", "gpu-1"];
const CUSTOM = {
  version: 1,
  topology: { kind: "custom", hosts: HOSTS, switches: ["s"], links: HOSTS.map((a) => ({ a, b: "s" })) },
  workload: {
    kind: "flows",
    flows: [
      { src: "reader", dst: "writer", size: "64KiB" },
      { src: 2, dst: "reader", size: "64KiB" },
    ],
  },
};

test("hosts of a custom topology have their names in results", async () => {
  const result = await simulate(CUSTOM);
  expect(result.flows).toMatchObject([
    { src: 0, dst: 1, srcName: "reader", dstName: "writer" },
    { src: 2, dst: 0, srcName: "gpu-1", dstName: "reader" },
  ]);
  expect(result.ranks.slowest.map(({ name }) => name).sort()).toEqual(["reader", "writer"]);
  const text = formatResult(result, { color: false });
  expect(text).toMatch(/ reader -> writer {2}/);
  expect(text).toMatch(/ gpu-1 -> reader {3}/);
  expect([...metricsOf(result).keys()]).toContain("flows[0: reader -> writer].fctNs");
});

test("GPUs are printed by the names that scenarios take", async () => {
  const result = await simulate({
    version: 1,
    topology: { kind: "leaf-spine", gpus: 16, gpusPerNode: 8, radix: 32 },
    workload: { kind: "flows", flows: [{ src: "gpu-12", dst: "gpu-3", size: "64KiB" }] },
  });
  expect(result.flows![0]).toMatchObject({ src: 12, dst: 3 });
  expect(result.flows![0]).not.toHaveProperty("srcName");
  expect(formatResult(result, { color: false })).toContain(" gpu-12 -> gpu-3 ");
});
