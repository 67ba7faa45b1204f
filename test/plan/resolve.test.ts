import { describe, expect, it } from "vitest";
import { PlanError } from "../../src/plan/plan-error.js";
import { resolvePlan } from "../../src/resolve/resolve.js";
import { closScenario, scenarioOf } from "../topology/scenarios.js";

function plan(sections: Record<string, unknown> = {}, topology: Record<string, unknown> = {}) {
  const written = { kind: "leaf-spine", gpus: 64, radix: 16, gpusPerNode: 4, ...topology } as const;
  return resolvePlan(closScenario(written, sections)).plan;
}

describe("numbers", () => {
  it("are the scenario's, in the plan's units", () => {
    const { transport, routing, nicLatencyPs, seed, timeLimitPs } = plan({
      seed: 7,
      transport: { window: "10000B", mtu: "4096B", ackEvery: 2, rto: "1ms" },
      routing: { policy: "adaptive", quantum: "4KiB" },
      nic: { latency: "700ns", scaleUpLatency: "10ns" },
      timeLimit: "5ms",
    });
    expect(transport).toMatchObject({ windowPackets: 2, ackEvery: 2, rtoPs: 1e9 });
    // 4 KiB take 81,920 ps at 400G.
    expect(routing).toMatchObject({ policy: "adaptive", quantumShift: 16 });
    expect([...nicLatencyPs.slice(0, 3)]).toEqual([700_000, 10_000, 700_000]);
    expect([seed, timeLimitPs]).toEqual([7, 5e9]);
    expect(plan({ transport: { window: "unlimited" } }).transport.windowPackets).toBe(0);
  });

  it("of adaptive routing go by the fastest link of a custom fabric, and are no finer than the core's clock", () => {
    const links = [
      { a: "a", b: "s", rate: "100Gbps" },
      { a: "b", b: "s", rate: "50Gbps" },
    ];
    const custom = (routing: Record<string, unknown>) =>
      resolvePlan(scenarioOf({ topology: { kind: "custom", hosts: ["a", "b"], switches: ["s"], links }, routing }))
        .plan;
    // 4 KiB take 327,680 ps at 100G.
    expect(custom({ quantum: "4KiB" }).routing.quantumShift).toBe(18);
    expect(plan({ routing: { quantum: "1B" } }).routing.quantumShift).toBe(10);
  });

  it("of ECN are backlogs at each class's rate, and none on the scale-up network", () => {
    const { ecn, fabric } = plan({
      ecn: { kmin: "100KB", kmax: "300KB", pmax: 0.5 },
      links: { fabric: { rate: "800Gbps" } },
    });
    const at = (level: string) => fabric.linkClasses.findIndex((link) => link.level === level);
    expect(ecn!.kminPs[at("access")]).toBe(2e6);
    expect(ecn!.kmaxPs[at("access")]).toBe(6e6);
    expect(ecn!.slope[at("access")]).toBeCloseTo(0.5 / 4e6, 15);
    expect(ecn!.kminPs[at("fabric")]).toBe(1e6);
    expect(ecn!.kminPs[at("scaleUp")]).toBe(Number.POSITIVE_INFINITY);
    expect(plan().ecn).toBeNull();
  });

  it("of loss come by class, where there is any", () => {
    const { hazards, fabric } = plan({ links: { fabric: { ber: 3e-4 } } });
    const levels = fabric.linkClasses.map(({ level }, i) => [level, hazards[i]?.length ?? null]);
    expect(Object.fromEntries(levels)).toEqual({ access: null, fabric: 4179, scaleUp: null });
  });
});

describe("buffers", () => {
  it("are set apart at every port of a lossless switch, and nowhere at hosts", () => {
    const { flowControl, fabric } = plan({ flowControl: { kind: "pfc", reserve: "4KiB", headroom: "80KiB" } });
    const { reserveBytes, headroomBytes, xoffBytes, alphaShift, resumeOffsetBytes } = flowControl.ports;
    const isHost = new Set(fabric.nics.port);
    const leaf = fabric.firstPort[fabric.switches.find(({ level }) => level === "leaf")!.device]!;
    expect([leaf, leaf + 15].map((port) => reserveBytes[port])).toEqual([4096, 4096]);
    expect(headroomBytes[leaf]).toBe(81_920);
    expect(xoffBytes[leaf]).toBe(0xffffffff);
    expect([alphaShift[leaf], resumeOffsetBytes[leaf]]).toEqual([3, 8192]);
    for (const port of isHost) expect(reserveBytes[port]! + headroomBytes[port]!).toBe(0);
    expect(flowControl.lossless.every((lossless) => lossless === 1)).toBe(true);
  });

  it("may have static thresholds", () => {
    const { flowControl, fabric } = plan({
      flowControl: { kind: "pfc", threshold: { kind: "static", xoff: "100KiB" } },
    });
    const leaf = fabric.firstPort[fabric.switches.find(({ level }) => level === "leaf")!.device]!;
    expect(flowControl.ports.xoffBytes[leaf]).toBe(102_400);
  });

  it("take ns-3's shift from the rate of the port", () => {
    const links = { fabric: { rate: "800Gbps" } };
    const { flowControl, fabric } = plan({ preset: "ns3", links }, { scaleUp: false });
    const leaf = fabric.firstPort[fabric.switches.find(({ level }) => level === "leaf")!.device]!;
    expect([...flowControl.ports.alphaShift.slice(leaf, leaf + 9)]).toEqual([3, 3, 3, 3, 3, 3, 3, 3, 2]);
  });

  it("take ns-3's shift from the first host where hosts differ", () => {
    const link = (a: string, b: string, rate: string) => ({ a, b, rate });
    const links = [
      link("a", "s", "200Gbps"),
      link("b", "s", "100Gbps"),
      link("s", "t", "800Gbps"),
      link("c", "t", "1Gbps"),
    ];
    const topology = { kind: "custom", hosts: ["a", "b", "c"], switches: ["s", "t"], links };
    const { flowControl, fabric } = resolvePlan(scenarioOf({ preset: "ns3", topology })).plan;
    const first = fabric.firstPort[fabric.switches[0]!.device]!;
    expect([...flowControl.ports.alphaShift.slice(first, first + 3)]).toEqual([3, 3, 1]);
  });

  it("of NVSwitches are lossless in a lossy fabric too", () => {
    const { flowControl, fabric } = plan({ preset: "lossy" });
    fabric.switches.forEach(({ level }, i) => {
      expect(flowControl.lossless[i]).toBe(level === "nvswitch" ? 1 : 0);
    });
    const nvswitch = fabric.switches.find(({ level }) => level === "nvswitch")!;
    const { reserveBytes, headroomBytes } = flowControl.ports;
    const port = fabric.firstPort[nvswitch.device]!;
    expect(reserveBytes[port]).toBe(65_536 + 62);
    expect(headroomBytes[port]! % (65_536 + 62)).toBe(0);
    const leaf = fabric.firstPort[fabric.switches.find(({ level }) => level === "leaf")!.device]!;
    expect(reserveBytes[leaf]! + headroomBytes[leaf]!).toBe(0);
  });

  it("of 64 ports at 400G leave most of 64 MiB to share", () => {
    const { flowControl, fabric } = plan({}, { kind: "fat-tree", gpus: 1024, radix: 64, tiers: 2 });
    const spine = fabric.switches.find(({ level }) => level === "spine")!;
    const [first, end] = [fabric.firstPort[spine.device]!, fabric.firstPort[spine.device + 1]!];
    const headroom = flowControl.ports.headroomBytes.slice(first, end).reduce((sum, bytes) => sum + bytes, 0);
    expect(headroom).toBeLessThan(0.2 * spine.bufferBytes);
  });

  it("that are too small are refused with what to change", () => {
    expect(() => plan({ switch: { buffer: "1MiB" } })).toThrow(PlanError);
    expect(() => plan({ switch: { buffer: "1MiB" } })).toThrow(
      /^switch.buffer: headroom and reserve of the 16 ports of leaf-0 take .* together, more than its buffer of 1MiB; write a larger switch.buffer/,
    );
    expect(() => plan({ switch: { scaleUpBuffer: "1MiB" } })).toThrow(/ports of nvswitch-0 .* switch.scaleUpBuffer/);
  });
});

it("refuses flows between parts of a fabric that nothing joins, naming the pair", () => {
  const links = [
    { a: "a", b: "s" },
    { a: "b", b: "t" },
  ];
  const custom = { kind: "custom", hosts: ["a", "b"], switches: ["s", "t"], links } as const;
  const whole = scenarioOf({ topology: { ...custom, links: [...links, { a: "s", b: "t" }] } });
  const { topology } = whole;
  if (topology.kind !== "custom") throw new Error("a custom fabric was written");
  // The parser refuses it first; scenarios may also be put together by hand.
  const parted = { ...whole, topology: { ...topology, links: topology.links.slice(0, 2) } };
  expect(() => resolvePlan(parted)).toThrow(
    new PlanError("there is no path from a to b; link the parts of the fabric", [["topology", "links"]]),
  );
});

it("says what the fabric is made of, and which flows belong together", () => {
  const scenario = closScenario(
    { kind: "rail-optimized", gpus: 64, radix: 16, gpusPerNode: 4 },
    { workload: { kind: "collective", size: "1MiB", channels: 1 }, transport: { qpsPerConnection: 2 } },
  );
  const { plan, counts, logical } = resolvePlan(scenario);
  expect(counts).toMatchObject({ kind: "rail-optimized", gpus: 64, nodes: 16, nvSwitches: 16 });
  expect(logical.count).toBe(64);
  expect(plan.flows.count).toBe(64 + 16);
});
