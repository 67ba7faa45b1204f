import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildFlows } from "../../src/build/collective/index.js";
import { buildFabric } from "../../src/build/topology/index.js";
import { closScenario } from "../topology/scenarios.js";

function flowsOf(sections: Record<string, unknown>, topology: Record<string, unknown> = {}) {
  const scenario = closScenario({ kind: "leaf-spine", gpus: 16, radix: 16, gpusPerNode: 4, ...topology }, sections);
  const fabric = buildFabric(scenario);
  return { fabric, ...buildFlows(scenario, fabric) };
}

const flowWorkload = (flows: Record<string, unknown>[]) => ({ kind: "flows", flows });

describe("NICs", () => {
  it("are the scale-up ones inside a node, where there are any", () => {
    const workload = flowWorkload([
      { src: 1, dst: 3, size: "1MiB" },
      { src: 3, dst: 4, size: "1MiB", start: "5us" },
    ]);
    const { flows } = flowsOf({ workload });
    expect([...flows.srcNic]).toEqual([3, 6]);
    expect([...flows.dstNic]).toEqual([7, 8]);
    expect([...flows.startPs]).toEqual([0, 5e6]);
    const plain = flowsOf({ workload }, { scaleUp: false });
    expect([...plain.flows.srcNic]).toEqual([1, 3]);
  });
});

describe("queue pairs", () => {
  it("share a chunk evenly by packets, and a connection", () => {
    const workload = flowWorkload([
      { src: 0, dst: 8, size: "20481B" },
      { src: 0, dst: 9, size: "4097B" },
      { src: 0, dst: 8, size: "1B" },
      { src: 0, dst: 1, size: "1MiB" },
    ]);
    const { flows, logical } = flowsOf({ workload, transport: { qpsPerConnection: 4 } });
    expect([...flows.chunkBytes]).toEqual([8192, 8192, 4096, 1, 4096, 1, 1, 2 ** 20]);
    expect([...flows.connection]).toEqual([0, 0, 0, 0, 1, 1, 0, 2]);
    expect([...logical.ofFlow]).toEqual([0, 0, 0, 0, 1, 1, 2, 3]);
    expect([...logical.firstFlow]).toEqual([0, 4, 6, 7, 8]);
  });

  it("wait for all QPs of what is upstream", () => {
    const workload = { kind: "collective", algorithm: "ring", size: "64KiB" };
    const topology = { gpus: 2, gpusPerNode: 1 };
    const { flows } = flowsOf({ workload, transport: { qpsPerConnection: 2 } }, topology);
    expect(flows.count).toBe(4);
    expect([...flows.upFirst]).toEqual([0, 2, 4, 6, 8]);
    expect([...flows.upFlow]).toEqual([2, 3, 2, 3, 0, 1, 0, 1]);
    expect([...flows.upLag]).toEqual(new Array(8).fill(1));
  });

  it("carry all bytes, in shares that differ by one packet at most", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200_000 }), fc.integer({ min: 1, max: 20 }), (bytes, qps) => {
        const workload = flowWorkload([{ src: 0, dst: 8, size: `${bytes}B` }]);
        const { flows } = flowsOf({ workload, transport: { qpsPerConnection: qps, mtu: "1000B" } });
        const packets = [...flows.chunkBytes].map((share) => Math.ceil(share / 1000));
        expect(flows.count).toBe(Math.min(qps, Math.ceil(bytes / 1000)));
        expect(flows.chunkBytes.reduce((sum, share) => sum + share, 0)).toBe(bytes);
        expect(Math.max(...packets) - Math.min(...packets)).toBeLessThanOrEqual(1);
        expect([...flows.chunkBytes].slice(0, -1).every((share) => share % 1000 === 0)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

it("a hierarchical ring stays on its rail between nodes and on the scale-up network inside", () => {
  const workload = { kind: "collective", algorithm: "hierarchical-ring", size: "1MiB" };
  const { flows, fabric } = flowsOf({ workload }, { kind: "rail-optimized" });
  const { nics } = fabric;
  for (let flow = 0; flow < flows.count; flow++) {
    const [src, dst] = [flows.srcNic[flow]!, flows.dstNic[flow]!];
    expect(nics.isScaleUp[src]).toBe(nics.isScaleUp[dst]);
    const [from, to] = [nics.rank[src]!, nics.rank[dst]!];
    if (nics.isScaleUp[src] === 1) expect(Math.floor(from / 4)).toBe(Math.floor(to / 4));
    else expect(from % 4).toBe(to % 4);
  }
});
