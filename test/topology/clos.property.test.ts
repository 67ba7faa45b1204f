import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildFabric } from "../../src/build/topology/index.js";
import { PlanError } from "../../src/plan/plan-error.js";
import type { ClosTopology } from "../../src/scenario/types/scenario.js";
import { maybe } from "../support/maybe.js";
import { closScenario } from "./scenarios.js";
import { expectWellFormed, Walker } from "./walk.js";

const clos = fc
  .record({
    kind: fc.constantFrom<ClosTopology["kind"][]>("leaf-spine", "fat-tree", "rail-optimized"),
    radix: fc.integer({ min: 4, max: 20 }),
    gpusPerNode: fc.integer({ min: 1, max: 6 }),
    nodes: fc.integer({ min: 1, max: 60 }),
    deep: fc.boolean(),
    oversubscription: fc.constantFrom(1, 1, 1, 2, 3, 0.5, 1.5),
    speeds: fc.constantFrom([1, 1], [1, 1], [2, 2], [2, 1], [1, 2], [0.5, 1], [1.5, 2]),
    scaleUp: fc.boolean(),
    spines: maybe(3, fc.integer({ min: 1, max: 12 })),
  })
  .map(({ kind, radix, gpusPerNode, nodes, deep, oversubscription, speeds, scaleUp, spines }) => {
    const isRail = kind === "rail-optimized";
    const perNode = isRail ? Math.max(2, gpusPerNode) : gpusPerNode;
    return {
      topology: {
        kind,
        radix,
        gpusPerNode: perNode,
        gpus: Math.max(2, nodes * perNode),
        tiers: (deep && kind !== "leaf-spine" ? 3 : 2) as 2 | 3,
        oversubscription,
        ...(perNode > 1 ? { scaleUp } : {}),
        ...(kind === "fat-tree" || spines === undefined ? {} : { spines }),
      },
      rates: { access: 400, fabric: 400 * speeds[0]!, core: 400 * speeds[1]! },
    };
  });

/**
 * The fabric, or null where the radix does not allow this number of GPUs: either the parser or the
 * builder says so.
 */
function build(sample: typeof clos extends fc.Arbitrary<infer T> ? T : never) {
  const links = Object.fromEntries(
    Object.entries(sample.rates).map(([level, rate]) => [level, { rate: `${rate}Gbps` }]),
  );
  try {
    const scenario = closScenario(sample.topology, { links });
    return { scenario, fabric: buildFabric(scenario) };
  } catch (error) {
    const isRefusal = error instanceof PlanError || (error instanceof Error && error.name === "ScenarioError");
    if (!isRefusal) throw error;
    return null;
  }
}

describe("any Clos", () => {
  it("leads every packet to its destination along every candidate, over no more switches than its tiers need", () => {
    fc.assert(
      fc.property(clos, fc.nat(), (sample, seed) => {
        const built = build(sample);
        fc.pre(built !== null);
        const { fabric } = built;
        expectWellFormed(fabric);
        const walker = new Walker(fabric);
        const nics = walker.fabricNics();
        expect(nics).toHaveLength(sample.topology.gpus);
        const leafOf = (nic: number) => walker.deviceOfPort[fabric.peerPort[fabric.nics.port[nic]!]!]!;
        // All pairs of small fabrics, a random hundred of large ones.
        const pairs = nics.flatMap((src) => nics.map((dst) => [src, dst] as const)).filter(([src, dst]) => src !== dst);
        const step = Math.max(1, Math.floor(pairs.length / 100));
        for (let i = seed % step; i < pairs.length; i += step) {
          const [src, dst] = pairs[i]!;
          const most = 2 * sample.topology.tiers - 1;
          const switches = walker.switchesBetween(src, dst);
          if (leafOf(src) === leafOf(dst)) expect(switches).toBe(1);
          else {
            expect(switches).toBeGreaterThan(1);
            expect(switches).toBeLessThanOrEqual(most);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it("asks no more of a switch than its radix, and no fewer uplinks than its oversubscription allows", () => {
    fc.assert(
      fc.property(clos, (sample) => {
        const built = build(sample);
        fc.pre(built !== null);
        const { fabric } = built;
        const { radix, oversubscription } = sample.topology;
        for (const { device, level, routing } of fabric.switches) {
          if (level === "nvswitch" || routing.kind !== "range") continue;
          const first = fabric.firstPort[device]!;
          const rates = Array.from({ length: fabric.firstPort[device + 1]! - first }, (_, i) => {
            return fabric.linkClasses[fabric.portClass[first + i]!]!.rateBps / 400e9;
          });
          const equivalents = rates.reduce((sum, rate) => sum + Math.max(1, rate), 0);
          expect(equivalents).toBeLessThanOrEqual(radix + 1e-6);
          const isDown = (i: number) => i < routing.downBase + (rates.length - routing.upCount);
          const sum = (of: (i: number) => boolean) => rates.reduce((total, rate, i) => total + (of(i) ? rate : 0), 0);
          if (level === "leaf" && routing.upCount > 0) {
            expect(sum((i) => !isDown(i)) * oversubscription).toBeGreaterThanOrEqual(sum(isDown) - 1e-6);
          }
          if (level === "aggregation" && routing.upCount > 0) {
            expect(sum((i) => !isDown(i))).toBeGreaterThanOrEqual(sum(isDown) - 1e-6);
          }
          const ports = Math.ceil((routing.high - routing.low) / routing.stride) * routing.downWidth + routing.upCount;
          expect(ports).toBe(rates.length);
          expect(routing.upCount === 0 || routing.upBase === rates.length - routing.upCount).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("joins the GPUs of a node by their NVSwitch", () => {
    fc.assert(
      fc.property(clos, (sample) => {
        const built = build(sample);
        fc.pre(built !== null && sample.topology.scaleUp === true);
        const { fabric } = built;
        const { gpusPerNode: g } = sample.topology;
        const walker = new Walker(fabric);
        for (let nic = 0; nic < fabric.nics.count; nic++) {
          expect(fabric.nics.isScaleUp[nic]).toBe(nic % 2);
          expect(fabric.nics.rank[nic]).toBe(nic >> 1);
          if (nic % 2 === 0) continue;
          const rank = nic >> 1;
          const neighbour = rank - (rank % g) + ((rank + 1) % g);
          expect(walker.switchesBetween(nic, 2 * neighbour + 1)).toBe(1);
        }
      }),
      { numRuns: 40 },
    );
  });
});
