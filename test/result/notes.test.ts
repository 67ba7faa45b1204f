import { describe, expect, it } from "vitest";
import { formatResult } from "../../src/answer/result/text.js";
import { simulate } from "../../src/api/simulate.js";

/** Eight hosts on each of two leaves under four spines, everybody to the other leaf. */
const ACROSS = {
  version: 1,
  topology: { kind: "leaf-spine", gpus: 16, gpusPerNode: 1, radix: 16 },
  workload: {
    kind: "flows",
    flows: Array.from({ length: 16 }, (_, src) => ({ src, dst: (src + 8) % 16, size: "256KiB" })),
  },
};
/** Fifteen to one. */
const INCAST = {
  ...ACROSS,
  workload: { kind: "flows", flows: Array.from({ length: 15 }, (_, i) => ({ src: i + 1, dst: 0, size: "256KiB" })) },
};

const figure = (text: string, pattern: RegExp) => Number(pattern.exec(text)![1]!.replaceAll(",", ""));

describe("notes on settings that are odd together", () => {
  it("says nothing of settings that belong together", async () => {
    for (const preset of ["roce-dcqcn", "spectrum-x", "uec", "ethernet-lossy", "multipath"]) {
      expect((await simulate({ ...ACROSS, preset })).notes, preset).toEqual([]);
    }
  });

  it.each(["spray", "mixed"])("counts what %s did to a receiver that wants packets in order", async (policy) => {
    const doc = await simulate({
      ...ACROSS,
      routing: { policy },
      transport: { recovery: "go-back-n", rto: "100us" },
    });
    const [note, ...others] = doc.notes;
    expect(others).toEqual([]);
    expect(note!.settings).toEqual(["routing.policy", "transport.recovery"]);
    expect(doc.packets.outOfOrder).toBeGreaterThan(100);
    expect(figure(note!.text, /: ([\d,]+) packets came out of order/)).toBe(doc.packets.outOfOrder);
    const share = (100 * doc.packets.retransmitted) / doc.packets.sent;
    expect(figure(note!.text, /and ([\d.]+)\s?% of what was sent/)).toBeCloseTo(share, 0);
    expect(note!.text).toContain("recovery: selective");
    expect(formatResult(doc, { color: false })).toContain(`Settings that are odd together\n  - ${policy} routing`);
  });

  it("says so where the mix did nothing", async () => {
    const { notes } = await simulate({
      ...ACROSS,
      workload: { kind: "flows", flows: [{ src: 0, dst: 8, size: "1KiB" }] },
      routing: { policy: "adaptive" },
    });
    expect(notes[0]!.text).toMatch(/no packet came out of order in this run\.$/);
  });

  it("counts what was dropped without flow control under go-back-n", async () => {
    const doc = await simulate({
      ...INCAST,
      flowControl: { kind: "none" },
      switch: { buffer: "256KiB" },
      transport: { rto: "100us", retryLimit: 1000 },
    });
    expect(doc.packets.dropped.congestion).toBeGreaterThan(0);
    const [note] = doc.notes;
    expect(figure(note!.text, /: ([\d,]+) packets found/)).toBe(doc.packets.dropped.congestion);
  });

  it("counts pauses that a transport which repeats selectively would not need", async () => {
    const doc = await simulate({
      ...INCAST,
      flowControl: { kind: "pfc", threshold: { kind: "static", xoff: "20KiB" } },
      transport: { recovery: "selective" },
    });
    expect(doc.pfc.pauses).toBeGreaterThan(0);
    expect(figure(doc.notes[0]!.text, /: ([\d,]+) pauses/)).toBe(doc.pfc.pauses);
  });

  it("says that DCQCN without marks slowed nobody down", async () => {
    const doc = await simulate({ ...INCAST, ecn: "off", transport: { congestionControl: { kind: "dcqcn" } } });
    expect(doc.ecn).toEqual({ marked: 0, cnps: 0 });
    expect(doc.notes[0]!.text).toContain("dcqcn with ecn off: no switch marked anything");
  });

  it("counts losses that REPS hears nothing of without trimming", async () => {
    const doc = await simulate({
      ...INCAST,
      preset: "uec",
      flowControl: { kind: "none", trim: false },
      switch: { buffer: "128KiB" },
      transport: { retryLimit: 1000, congestionControl: { kind: "none" } },
    });
    expect(doc.packets.dropped.congestion).toBeGreaterThan(0);
    expect(figure(doc.notes[0]!.text, /trimming: ([\d,]+) packets/)).toBe(doc.packets.dropped.congestion);
  });
});
