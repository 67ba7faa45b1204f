import { describe, expect, it } from "vitest";
import { timelineOf } from "../../src/build/topology/faults.js";
import { buildFabric } from "../../src/build/topology/index.js";
import { foldTimeline } from "../../src/build/topology/timeline.js";
import { resolvePlan } from "../../src/resolve/resolve.js";
import { closScenario } from "./scenarios.js";

const LINK = { from: "leaf-1", to: "spine-0" };
const FAULTS = [
  { kind: "link-down", ...LINK, start: "5us" },
  { kind: "nic-stall", host: "gpu-3", start: "2us", until: "9us", buffer: "1MiB" },
  { kind: "degraded-link", ...LINK, direction: "forward", rate: "100Gbps", ber: 1e-4 },
];

const scenario = closScenario({ kind: "leaf-spine", radix: 16, gpus: 32, gpusPerNode: 4 }, { faults: FAULTS });
const healthy = buildFabric({ ...scenario, faults: [] });
const NIC = healthy.nics.rank.findIndex((rank, nic) => rank === 3 && healthy.nics.isScaleUp[nic] === 0);
const timeline = timelineOf(healthy, scenario.faults);

describe("a timeline", () => {
  it("has an entry for each direction or NIC that a fault changes", () => {
    const [down, back, stall, degraded] = timeline;
    expect(timeline).toHaveLength(4);
    expect(down).toMatchObject({ atPs: 5_000_000, change: { kind: "down" } });
    const port = "port" in down! ? down.port : -1;
    expect(back).toEqual({ ...down, port: healthy.peerPort[port] });
    expect(stall).toEqual({
      atPs: 2_000_000,
      nic: NIC,
      change: { kind: "stall", untilPs: 9_000_000, bufferBytes: 2 ** 20 },
    });
    expect(degraded).toEqual({ atPs: 0, port, change: { kind: "degrade", rateBps: 100e9, ber: 1e-4 } });
  });

  it("is folded into link classes and stalls", () => {
    const { fabric, stalls } = foldTimeline(healthy, timeline);
    expect(stalls).toEqual([{ nic: NIC, fromPs: 2_000_000, untilPs: 9_000_000, bufferBytes: 2 ** 20 }]);
    const changed = [...fabric.portClass.keys()].filter((port) => fabric.portClass[port] !== healthy.portClass[port]);
    const ports = timeline.flatMap((entry) => ("port" in entry ? [entry.port] : []));
    expect(new Set(changed)).toEqual(new Set(ports));
    const classOf = (port: number) => fabric.linkClasses[fabric.portClass[port]!]!;
    expect(classOf(ports[0]!)).toMatchObject({ rateBps: 100e9, downAtPs: 5_000_000, loss: { preFecBer: 1e-4 } });
    expect(classOf(ports[1]!)).toMatchObject({ downAtPs: 5_000_000, loss: null });
  });

  it("leaves the fabric as it is where nothing happens", () => {
    expect(foldTimeline(healthy, [])).toMatchObject({ fabric: healthy, stalls: [], changes: [] });
  });

  it("goes into the plan, beside what it is folded into", () => {
    const { plan } = resolvePlan(scenario);
    const folded = foldTimeline(healthy, timeline);
    expect(plan.timeline).toEqual(timeline);
    expect(plan.stalls).toEqual(folded.stalls);
    expect(plan.fabric.portClass).toEqual(folded.fabric.portClass);
    expect(plan.fabric.linkClasses).toEqual(folded.fabric.linkClasses);
  });

  it("turns what begins or ends in between into changes, and leaves the class of the start", () => {
    const leaf = healthy.switches.find(({ level }) => level === "leaf")!;
    const port = healthy.firstPort[leaf.device + 1]! - 1;
    const slow = { atPs: 10, untilPs: 30, port, change: { kind: "degrade", rateBps: 100e9 } } as const;
    const lossy = { atPs: 20, port, change: { kind: "degrade", ber: 1e-4 } } as const;
    const { fabric, changes } = foldTimeline(healthy, [slow, lossy]);
    expect(fabric.linkClasses[fabric.portClass[port]!]).toEqual(healthy.linkClasses[healthy.portClass[port]!]);
    const states = changes.map((change) => {
      if (change.kind !== "link") throw new Error("a link changes");
      const { rateBps, loss } = fabric.linkClasses[change.linkClass]!;
      return [change.atPs, rateBps, loss?.preFecBer ?? 0];
    });
    expect(states).toEqual([
      [10, 100e9, 0],
      [20, 100e9, 1e-4],
      [30, 400e9, 1e-4],
    ]);
  });

  it("joins times down that touch or overlap, and says when a link comes back", () => {
    const down = (atPs: number, untilPs?: number) =>
      ({ atPs, ...(untilPs !== undefined && { untilPs }), port: 5, change: { kind: "down" } }) as const;
    const { fabric, changes } = foldTimeline(healthy, [
      down(50, 60),
      down(10, 20),
      down(15, 30),
      down(30, 40),
      down(90),
    ]);
    expect(fabric.linkClasses[fabric.portClass[5]!]!.downAtPs).toBe(10);
    expect(changes).toEqual([
      { kind: "up", port: 5, atPs: 40, downAtPs: 50 },
      { kind: "up", port: 5, atPs: 60, downAtPs: 90 },
    ]);
  });
});
