import { describe, expect, test } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { linkOf, readReport } from "../support/reports.js";

describe("an incast of 143 senders over 10G", () => {
  const scenario = readReport("loss-after-pause");

  test("loses packets where headroom is too little for what comes after a pause, and a note says so", async () => {
    const result = await simulate(scenario);
    expect(result.packets.dropped.congestion).toBe(418);
    expect(result.notes.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^PFC with a headroom of ns3 lost packets: 418 packets .*headroom: auto loses none/),
    ]);
  });

  test("loses nothing with the headroom that the links need", async () => {
    const result = await simulate({ ...scenario, flowControl: { headroom: "auto" } });
    expect(result.packets.dropped.congestion).toBe(0);
    expect(result.jctNs! / 1e6).toBeCloseTo(6.7167, 4);
    expect(result.notes).toEqual([]);
  });
});

describe("100G over 120 km", () => {
  const scenario = readReport("headroom-120km");

  test("loses nothing with the headroom of such a link", async () => {
    const result = await simulate(scenario);
    expect(result.packets.dropped.congestion).toBe(0);
    expect(result.jctNs! / 1e6).toBeCloseTo(23.591, 3);
    expect(linkOf(result, "a", "s").pausedNs / 1e6).toBeCloseTo(12.04, 2);
  });

  test("loses packets where headroom is a little less", async () => {
    const result = await simulate({ ...scenario, flowControl: { headroom: "14MiB" } });
    expect(result.packets.dropped.congestion).toBe(66);
  });
});
