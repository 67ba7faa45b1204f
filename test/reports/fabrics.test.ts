/**
 * Fabrics with known answers: closed forms, and figures of published systems. Each file states its
 * own.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { simulate } from "../../src/api/simulate.js";

/** A scenario of test/data/reports, with sections replaced. */
function scenario(name: string, sections: Record<string, unknown> = {}) {
  const file = new URL(`../data/reports/${name}.yaml`, import.meta.url);
  return { ...parse(readFileSync(file, "utf8")), ...sections };
}

describe("listed fabrics", () => {
  it("give each pinned flow an uplink of its own, in whatever order hosts are listed", async () => {
    const document = scenario("pinned-interleaved");
    const grouped = { ...document, topology: { ...document.topology, hosts: ["a0", "a1", "b0", "b1"] } };
    const { jctNs } = await simulate(document);
    expect(jctNs! / 1000).toBeCloseTo(89.65, 2);
    expect((await simulate(grouped)).jctNs).toBe(jctNs);
  });

  it("use all of four parallel links, and share them by what they carry", async () => {
    const even = await simulate(scenario("parallel-links"));
    expect(even.jctNs).toBe(332_977.6);
    expect(even.idealJctNs).toBe(332_977.6);
    const trunks = even.links.hottest.filter(({ from, to }) => from === "l" && to === "r");
    expect(trunks.map(({ utilisation }) => utilisation.toFixed(3))).toEqual(new Array(4).fill("0.965"));
    const document = scenario("parallel-links", { routing: { policy: "adaptive" } });
    const links = document.topology.links as { a: string; b: string; rate: string }[];
    const last = links.findLastIndex(({ a, b }) => a === "l" && b === "r");
    links[last] = { ...links[last]!, rate: "50Gbps" };
    expect(Math.abs((await simulate(document)).jctNs! / 378_950 - 1)).toBeLessThan(0.01);
  });

  it("give a GPU all of four NVSwitches where packets are spread, a hash's share where not", async () => {
    const busbw = async (policy: string, transport: object) =>
      (await simulate(scenario("four-nvswitches", { routing: { policy }, transport }))).busbwGBps!;
    expect(await busbw("adaptive", { recovery: "selective" })).toBeCloseTo(423.4, 0);
    expect(await busbw("ecmp-qp", { qpsPerConnection: 4 })).toBeCloseTo(192, 0);
    expect(await busbw("ecmp", {})).toBeCloseTo(96, 0);
  });

  it("are bounded by the trunk between groups of four and six", async () => {
    const { jctNs, idealJctNs } = await simulate(scenario("four-and-six"));
    const carriesMs = (100e6 * (4178 / 4096)) / 12.5e6 / 1000;
    expect(jctNs! / 1e6).toBeCloseTo(15.008, 3);
    expect(jctNs! / 1e6).toBeGreaterThan(1.8 * carriesMs);
    expect(idealJctNs / 1e6).toBeCloseTo(8.184, 3);
    expect(idealJctNs / 1e6).toBeGreaterThan(carriesMs);
  });

  it("are bounded by the narrow links between wide pairs", async () => {
    const { jctNs, idealJctNs } = await simulate(scenario("nccl-graph"));
    const bytes = 64 * 2 ** 20 * (4178 / 4096);
    expect(jctNs! / 1e6).toBeCloseTo(8.557, 2);
    expect(jctNs! / 1e6).toBeGreaterThan((1.5 * bytes) / 12e9 / 1e-3);
    expect(idealJctNs / 1e6).toBeCloseTo(2.853, 3);
    expect(idealJctNs / 1e6).toBeGreaterThan(bytes / 24e9 / 1e-3);
  });
});

describe("built fabrics", () => {
  it("take the same for two nodes of eight and eight of two where all links are alike", async () => {
    const document = scenario("two-by-eight");
    // One piece, as there was before phases were pipelined.
    const workload = { ...document.workload, chunk: document.workload.size };
    const ms = async (topology: object) =>
      (await simulate({ ...document, workload, topology: { ...document.topology, ...topology } })).jctNs! / 1e6;
    expect(await ms({})).toBeCloseTo(5.2527, 4);
    expect(await ms({ gpusPerNode: 2 })).toBeCloseTo(5.274, 4);
  });

  it("run a ring at half its rate over one NIC at half rate", async () => {
    const slow = await simulate(scenario("half-rate-nic"));
    const healthy = await simulate(scenario("half-rate-nic", { faults: [] }));
    expect(slow.busbwGBps).toBeCloseTo(192, 0);
    expect(healthy.busbwGBps).toBeCloseTo(384, 0);
    expect(slow.faults).toMatchObject([{ kind: "degraded-link", where: "gpu-9 <-> leaf-1", hitTraffic: true }]);
  });
});
