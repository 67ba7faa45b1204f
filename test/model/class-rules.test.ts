import { describe, expect, it } from "vitest";
import { simulate } from "../../src/index.js";
import { resolvePlan } from "../../src/resolve/resolve.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";

/** Three senders of storage crowd one receiver; a collective goes from one host to another. */
function crowded(classes: readonly object[], rest: object = {}): Record<string, unknown> {
  const link = (a: string, b: string, rate = "100Gbps") => ({ a, b, rate, length: "3m" });
  return {
    version: 1,
    topology: {
      kind: "custom",
      hosts: ["s0", "s1", "s2", "v", "d0", "d1"],
      switches: [
        { name: "left", buffer: "2MiB" },
        { name: "right", buffer: "2MiB" },
      ],
      links: [
        ...["s0", "s1", "s2", "v"].map((host) => link(host, "left")),
        link("d0", "right"),
        link("d1", "right"),
        link("left", "right", "400Gbps"),
      ],
    },
    classes,
    transport: { kind: "roce", recovery: "selective", window: "256KiB", rto: "1ms" },
    workload: {
      kind: "flows",
      flows: [
        ...["s0", "s1", "s2"].map((src) => ({ src, dst: "d0", size: "1MiB", class: "storage" })),
        { src: "v", dst: "d1", size: "1MiB", class: "collective" },
      ],
    },
    ...rest,
  };
}

const planOf = (document: object) => resolvePlan(parseScenario(document).scenario).plan;

describe("rules of data classes", () => {
  it("drop a lossy class and pause nobody, so that a lossless one beside it is not held up", async () => {
    const collective = { name: "collective" };
    const run = (storage: object) => simulate(parseScenario(crowded([collective, storage])).scenario);
    const alone = await run({ name: "storage" });
    const beside = await run({ name: "storage", lossless: false, dropAlpha: "1/8" });
    expect(alone.packets.dropped.congestion).toBe(0);
    expect(alone.pfc.pauses).toBeGreaterThan(0);
    expect(beside.packets.dropped.congestion).toBeGreaterThan(0);
    expect(beside.pfc.pauses).toBe(0);
    expect(beside.notes.map(({ text }) => text).join()).toMatch(/Lossy beside lossless classes \(storage\)/);
  });

  it("set a share of the buffer apart for lossy classes, and no headroom", () => {
    const classes = [{ name: "collective" }, { name: "storage", lossless: false }];
    const plan = planOf(crowded(classes, { flowControl: { kind: "pfc", lossyShare: 0.5 } }));
    expect([...plan.flowControl.lossyBytes!]).toEqual([2 ** 20, 2 ** 20]);
    expect(plan.dataClasses.map(({ rules }) => rules!.isLossy)).toEqual([false, true]);
    const plain = planOf(crowded(classes.map(({ name }) => ({ name }))));
    expect(plain.flowControl.lossyBytes).toBeUndefined();
    expect(plain.dataClasses.some(({ rules }) => rules !== undefined)).toBe(false);
  });

  it("give a class thresholds and marking of its own, and leave the others as they are", () => {
    const threshold = { kind: "static", xoff: "64KiB" };
    const ecn = { kmin: "100KB", kmax: "400KB", pmax: 0.5 };
    const classes = [{ name: "collective", threshold, reserve: "8KiB", ecn }, { name: "storage" }];
    const plan = planOf(crowded(classes));
    const [own, other] = plan.dataClasses.map(({ rules }) => rules!);
    const port = plan.fabric.firstPort[plan.fabric.switches[0]!.device]!;
    expect([own!.ports.xoffBytes[port], own!.ports.reserveBytes[port]]).toEqual([65_536, 8192]);
    expect([other!.ports.xoffBytes[port], other!.ports.reserveBytes[port]]).toEqual([0xffffffff, 4096]);
    // 100 KB at 100 Gb/s.
    expect(own!.ecn!.kminPs[plan.fabric.portClass[port]!]).toBe(8_000_000);
    expect(other!.ecn!.kminPs[plan.fabric.portClass[port]!]).toBe(Number.POSITIVE_INFINITY);
    expect(plan.ecn!.at).toBe("enqueue");
  });

  it("follow a switch whose PFC is off", () => {
    const classes = [{ name: "collective" }, { name: "storage", lossless: false }];
    const off = planOf(crowded(classes, { faults: [{ kind: "pfc-off", switch: "left" }] }));
    expect([...off.flowControl.lossyBytes!]).toEqual([0, 2 ** 19]);
  });

  it("follow a switch whose headroom is wrong", () => {
    const classes = [{ name: "collective" }, { name: "storage", lossless: false }];
    const wrong = planOf(crowded(classes, { faults: [{ kind: "wrong-headroom", switch: "left", headroom: "1KiB" }] }));
    const port = wrong.fabric.firstPort[wrong.fabric.switches[0]!.device]!;
    expect(wrong.dataClasses[0]!.rules!.ports.headroomBytes[port]).toBe(1024);
  });

  it("refuse a wrong headroom that fits for one of them, and not for all", () => {
    const faults = [{ kind: "wrong-headroom", switch: "left", headroom: "140KiB" }];
    const plan = (lossless: boolean) => () =>
      planOf(crowded([{ name: "collective" }, { name: "storage", lossless }, { name: "rest", lossless }], { faults }));
    expect(plan(true)).toThrow(/5 ports of left with a headroom of 143360 B for each lossless data class do not fit/);
    expect(plan(false)).not.toThrow();
  });

  it("refuse a buffer that the share and the headroom of the others exceed", () => {
    const classes = [
      { name: "collective", headroom: "500KiB" },
      { name: "storage", lossless: false },
    ];
    expect(() => planOf(crowded(classes))).toThrow(/headroom and reserve of the 5 ports of left/);
  });

  it("refuse a lossy class for sums in switches", () => {
    const document = {
      version: 1,
      topology: { kind: "leaf-spine", gpus: 16, gpusPerNode: 1, radix: 8 },
      classes: [{ name: "storage", lossless: false }, { name: "other" }],
      workload: { kind: "collective", collective: "all-reduce", algorithm: "sharp", size: "1MiB" },
    };
    expect(() => planOf(document)).toThrow(/repeats nothing that a switch drops; give it a class that is lossless/);
  });
});
