import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildFlows } from "../../src/build/collective/index.js";
import { ring, ringChunkIndex } from "../../src/build/collective/ring.js";
import { ringOrder } from "../../src/build/collective/ring-order.js";
import { buildFabric } from "../../src/build/topology/index.js";
import { closScenario } from "../topology/scenarios.js";
import { allReduce, clusterOf } from "./clusters.js";

/** Local GPUs at both ends of each hop between nodes. */
function boundaries(order: Uint32Array, gpusPerNode: number): [number, number][] {
  return [...order].flatMap((rank, i) => {
    const next = order[(i + 1) % order.length]!;
    const crosses = Math.floor(rank / gpusPerNode) !== Math.floor(next / gpusPerNode);
    return crosses ? [[rank % gpusPerNode, next % gpusPerNode] as [number, number]] : [];
  });
}

const shape = fc.record({
  nodes: fc.integer({ min: 1, max: 9 }),
  gpusPerNode: fc.integer({ min: 1, max: 8 }),
  isRailOptimized: fc.boolean(),
});

describe("ring order", () => {
  it("visits every rank once, node by node", () => {
    fc.assert(
      fc.property(shape, fc.nat(9), ({ nodes, gpusPerNode, isRailOptimized }, channel) => {
        const order = ringOrder(clusterOf(nodes, gpusPerNode, isRailOptimized), channel);
        expect(new Set(order).size).toBe(nodes * gpusPerNode);
        order.forEach((rank, i) => {
          expect(Math.floor(rank / gpusPerNode)).toBe(Math.floor(i / gpusPerNode));
        });
      }),
    );
  });

  it("is rank order where there are no rails", () => {
    expect([...ringOrder(clusterOf(3, 4), 0)]).toEqual(Array.from({ length: 12 }, (_, rank) => rank));
    expect([...ringOrder(clusterOf(2, 4), 1)]).toEqual([1, 2, 3, 0, 5, 6, 7, 4]);
  });

  it("keeps hops between nodes on one rail, for an odd number of nodes too", () => {
    for (const nodes of [2, 3, 4, 5, 8, 9]) {
      for (const gpusPerNode of [1, 2, 3, 4, 8]) {
        for (let channel = 0; channel < gpusPerNode; channel++) {
          const hops = boundaries(ringOrder(clusterOf(nodes, gpusPerNode, true), channel), gpusPerNode);
          expect(hops).toHaveLength(nodes);
          const crossing = hops.filter(([from, to]) => from !== to).length;
          expect(crossing).toBe(gpusPerNode === 2 && nodes % 2 === 1 ? 1 : 0);
        }
      }
    }
    expect([...ringOrder(clusterOf(2, 4, true), 0)]).toEqual([0, 1, 2, 3, 7, 6, 5, 4]);
  });

  it("gives parallel rings different NICs at every boundary", () => {
    for (const isRailOptimized of [false, true]) {
      const cluster = clusterOf(5, 8, isRailOptimized);
      const rings = [0, 1, 2, 3, 4, 5, 6, 7].map((channel) => boundaries(ringOrder(cluster, channel), 8));
      for (let boundary = 0; boundary < 5; boundary++) {
        for (const end of [0, 1]) expect(new Set(rings.map((hops) => hops[boundary]![end])).size).toBe(8);
      }
    }
  });
});

describe("ring", () => {
  it("is N flows of 2 (N-1) chunks, each waiting on its neighbour's chunk before", () => {
    const { schedule } = ring(allReduce(1000), clusterOf(2, 2));
    expect([...schedule.src]).toEqual([0, 1, 2, 3]);
    expect([...schedule.dst]).toEqual([1, 2, 3, 0]);
    expect([...schedule.chunks]).toEqual([6, 6, 6, 6]);
    expect([...schedule.chunkBytes]).toEqual([250, 250, 250, 250]);
    expect([...schedule.upFlow]).toEqual([3, 0, 1, 2]);
    expect([...schedule.upLag]).toEqual([1, 1, 1, 1]);
  });

  it("divides the buffer among its channels", () => {
    const { schedule } = ring(allReduce(1000, { channels: 3 }), clusterOf(1, 4));
    expect(schedule.count).toBe(12);
    expect([...new Set(schedule.chunkBytes)]).toEqual([84]);
  });

  it("sends at least a byte", () => {
    expect([...ring(allReduce(1), clusterOf(8, 1)).schedule.chunkBytes]).toEqual(new Array(8).fill(1));
  });

  it("passes parts on as they come in", () => {
    for (let chunk = 1; chunk < 6; chunk++) {
      expect(ringChunkIndex(2, chunk, 4)).toBe(ringChunkIndex(1, chunk - 1, 4));
    }
    expect([0, 1, 2, 3, 4].map((chunk) => ringChunkIndex(1, chunk, 4))).toEqual([1, 0, 3, 2, 1]);
  });
});

describe("channels of a ring", () => {
  const NODES = { kind: "rail-optimized", gpus: 32, gpusPerNode: 8, radix: 32 } as const;
  /** NICs of the fabric that the ring sends by, and the bytes that each sends. */
  const bytesByNic = (workload: object) => {
    const scenario = closScenario(NODES, { workload: { kind: "collective", size: "32MiB", ...workload } });
    const fabric = buildFabric(scenario);
    const { flows } = buildFlows(scenario, fabric);
    const bytes = new Map<number, number>();
    flows.srcNic.forEach((nic, flow) => {
      if (fabric.nics.isScaleUp[nic] === 1) return;
      bytes.set(nic, (bytes.get(nic) ?? 0) + flows.chunks[flow]! * flows.chunkBytes[flow]!);
    });
    return [...bytes.values()];
  };

  it("are as many as a node has NICs, which carry the same", () => {
    const perNic = (2 * 31 * 2 ** 20) / 8;
    expect(bytesByNic({})).toEqual(new Array(32).fill(perNic));
    expect(bytesByNic({ channels: 8 })).toEqual(bytesByNic({}));
  });

  it("are what is written, where anything is", () => {
    expect(bytesByNic({ channels: 1 })).toEqual(new Array(4).fill(2 * 31 * 2 ** 20));
    expect(bytesByNic({ channels: 3 })).toHaveLength(12);
  });

  it("are one where hosts have a NIC each", () => {
    const scenario = closScenario(
      { ...NODES, kind: "leaf-spine", gpusPerNode: 1 },
      { workload: { kind: "collective", size: "1MiB" } },
    );
    expect(scenario.workload).toMatchObject({ channels: 1 });
  });
});
