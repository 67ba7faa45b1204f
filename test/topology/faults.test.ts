import { describe, expect, it } from "vitest";
import { buildFabric } from "../../src/build/topology/index.js";
import type { Fabric, LinkClass } from "../../src/plan/fabric.js";
import { closScenario, type WrittenClos } from "./scenarios.js";

const SMALL: WrittenClos = { kind: "leaf-spine", radix: 16, gpus: 32, gpusPerNode: 4 };

function build(...faults: Record<string, unknown>[]): Fabric {
  return buildFabric(closScenario(SMALL, { faults: faults.map((fault) => ({ kind: "degraded-link", ...fault })) }));
}

/**
 * Classes of links that a healthy fabric does not have, with the devices at both ends of the
 * direction.
 */
function degraded(fabric: Fabric): [string, string, LinkClass][] {
  const healthy = build().linkClasses.length;
  const deviceOf = (port: number) => fabric.firstPort.findIndex((_, d) => port < fabric.firstPort[d + 1]!);
  return [...fabric.portClass].flatMap((linkClass, port) =>
    linkClass < healthy
      ? []
      : [
          [
            fabric.deviceName(deviceOf(port)),
            fabric.deviceName(deviceOf(fabric.peerPort[port]!)),
            fabric.linkClasses[linkClass]!,
          ],
        ],
  );
}

describe("degraded links", () => {
  it("are worse in both directions, or in one", () => {
    const both = degraded(build({ from: "leaf-1", to: "spine-0", ber: 3e-4 }));
    expect(both.map(([from, to]) => [from, to])).toEqual([
      ["leaf-1", "spine-0"],
      ["spine-0", "leaf-1"],
    ]);
    expect(both[0]![2]).toMatchObject({ level: "fabric", rateBps: 400e9, loss: { preFecBer: 3e-4, interleave: 2 } });
    const forward = degraded(build({ from: "spine-0", to: "leaf-1", direction: "forward", rate: "100Gbps" }));
    expect(forward).toHaveLength(1);
    expect(forward[0]).toEqual(["spine-0", "leaf-1", expect.objectContaining({ rateBps: 100e9, loss: null })]);
  });

  it("may lose packets of any size", () => {
    const loss = { preFecBer: 1e-4, interleave: 2, frameLossRatio: 0.01 };
    const fault = { from: "leaf-1", to: "spine-0", ber: 1e-4, frameLossRatio: 0.01 };
    expect(degraded(build(fault))[0]![2]).toMatchObject({ loss });
    const { ber: _, ...random } = fault;
    expect(degraded(build(random))[0]![2]).toMatchObject({ loss: { ...loss, preFecBer: 0 } });
  });

  it("are told apart by index where there are several", () => {
    const ports = [0, 3].map((index) => {
      const fabric = build({ from: "spine-1", to: "leaf-2", direction: "forward", index, ber: 1e-4 });
      return fabric.portClass.findIndex((linkClass) => fabric.linkClasses[linkClass]!.loss !== null);
    });
    expect(ports[1]! - ports[0]!).toBe(3);
  });

  it("may be a GPU's, to its leaf or to its NVSwitch", () => {
    expect(degraded(build({ from: "gpu-9", to: "leaf-1", ber: 1e-4 }))[0]?.slice(0, 2)).toEqual(["node-2", "leaf-1"]);
    const scaleUp = degraded(build({ from: "nvswitch-2", to: "gpu-9", rate: "100GBps", direction: "forward" }));
    expect(scaleUp).toEqual([["nvswitch-2", "node-2", expect.objectContaining({ level: "scaleUp", rateBps: 800e9 })]]);
  });

  it("add up, and leave the rest as it was", () => {
    const one = { from: "leaf-1", to: "spine-0" };
    const fabric = build({ ...one, ber: 1e-4 }, { ...one, rate: "200Gbps" });
    expect(degraded(fabric)).toHaveLength(2);
    expect(degraded(fabric)[0]![2]).toMatchObject({ rateBps: 200e9, loss: { preFecBer: 1e-4 } });
    expect([...fabric.peerPort]).toEqual([...build().peerPort]);
  });
});

describe("faults on links that do not exist", () => {
  const message = (fault: Record<string, unknown>) => {
    try {
      build({ ber: 1e-4, ...fault });
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  };

  it("name what there is", () => {
    expect(message({ from: "leaf-0", to: "leaf-1" })).toBe(
      "faults[0]: there is no link between leaf-0 and leaf-1; leaf-0 is linked to gpu-0, gpu-1, gpu-2, gpu-3, gpu-4, gpu-5, … spine-1",
    );
    expect(message({ from: "leaf-9", to: "spine-1" })).toBe(
      'faults[0].from: there is no device "leaf-9"; there are leaf-0 to leaf-3',
    );
    expect(message({ from: "leaf-0", to: "spin-1" })).toMatch(/"spin-1" \(did you mean "spine-1"\?\)/);
    expect(message({ from: "leaf-0", to: "rack" })).toBe(
      'faults[0].to: there is no device "rack"; there are gpu-0, nvswitch-0, leaf-0, spine-0',
    );
    expect(message({ from: "leaf-0", to: "spine-1", index: 4 })).toBe(
      "faults[0].index: there are 4 links between leaf-0 and spine-1; write an index from 0 to 3, not 4",
    );
  });

  it("point to the GPUs of a node", () => {
    expect(message({ from: "node-3", to: "leaf-1" })).toBe(
      'faults[0].from: there is no device "node-3" with links of its own; its GPUs are gpu-12, gpu-13, gpu-14, gpu-15',
    );
  });

  it("find what was meant behind thousands of GPUs", () => {
    const topology: WrittenClos = { kind: "rail-optimized", radix: 64, gpus: 8192, gpusPerNode: 8, tiers: 3 };
    const hint = (from: string) => {
      const faults = [{ kind: "degraded-link", from, to: "agg-0", ber: 1e-4 }];
      return () => buildFabric(closScenario(topology, { faults }));
    };
    expect(hint("leef-200")).toThrow('"leef-200" (did you mean "leaf-200"?)');
    expect(hint("gpu7000")).toThrow('"gpu7000" (did you mean "gpu-7000"?)');
    expect(hint("leaf-256")).toThrow("there are leaf-0 to leaf-255");
  });
});

describe("faults of one link", () => {
  const link = { from: "leaf-1", to: "spine-0" };

  it("add up where they state different things", () => {
    const both = degraded(build({ ...link, rate: "100Gbps" }, { ...link, ber: 1e-4 }));
    expect(both[0]![2]).toMatchObject({ rateBps: 100e9, loss: { preFecBer: 1e-4 } });
    const ways = degraded(
      build(
        { ...link, direction: "forward", rate: "100Gbps" },
        { from: "spine-0", to: "leaf-1", direction: "forward", rate: "50Gbps" },
      ),
    );
    expect(ways.map(([, , linkClass]) => linkClass.rateBps)).toEqual([100e9, 50e9]);
    const ends = degraded(build({ ...link, rate: "100Gbps" }, { kind: "link-down", ...link, start: "5us" }));
    expect(ends[0]![2]).toMatchObject({ rateBps: 100e9, downAtPs: 5_000_000 });
  });

  it("are refused where two state the same", () => {
    const refused = (...faults: Record<string, unknown>[]) => expect(() => build(...faults));
    refused({ ...link, rate: "100Gbps" }, { ...link, rate: "50Gbps" }).toThrow(
      "two degraded-link faults state the rate of the link between leaf-1 and spine-0",
    );
    refused({ ...link, ber: 1e-4 }, { from: "spine-0", to: "leaf-1", direction: "forward", ber: 1e-5 }).toThrow(
      "state the ber of the link between spine-0 and leaf-1",
    );
    const down = { kind: "link-down", ...link };
    refused({ ...down, start: "5us" }, { ...down, start: "1us" }).toThrow("two link-down faults state the start");
  });

  it("are refused where they would make it better", () => {
    expect(() => build({ ...link, rate: "800Gbps" })).toThrow(
      "the degraded link between leaf-1 and spine-0 has a rate of 800Gbps, better than the 400Gbps of the link",
    );
    const lossy = { ber: 1e-4, frameLossRatio: 0.01 };
    const fabricOf = (fault: object) =>
      buildFabric(
        closScenario(SMALL, { links: { fabric: lossy }, faults: [{ kind: "degraded-link", ...link, ...fault }] }),
      );
    expect(() => fabricOf({ ber: 1e-5 })).toThrow("a ber of 0.00001, better than the 0.0001 of the link");
    expect(() => fabricOf({ frameLossRatio: 0 })).toThrow("a frameLossRatio of 0, better than the 0.01 of the link");
    expect(fabricOf({ rate: "400Gbps", ber: 1e-4 }).portClass).toEqual(fabricOf({ ber: 1e-4 }).portClass);
  });
});
