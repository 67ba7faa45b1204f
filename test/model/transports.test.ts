import { describe, expect, it } from "vitest";
import type { ResultDocument } from "../../src/answer/result/document.js";
import { simulate } from "../../src/api/simulate.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { TRANSPORT_PRESETS } from "../../src/scenario/presets/transports.js";

/** A random permutation over a leaf-spine fabric, and an incast of 15 hosts on top of it. */
function mixed(preset: string) {
  const gpus = 64;
  const flow = (src: number, dst: number) => ({ src, dst, size: "2MiB" });
  return {
    version: 1,
    preset,
    topology: { kind: "leaf-spine", gpus, gpusPerNode: 1, radix: 16 },
    switch: { buffer: "8MiB" },
    workload: {
      kind: "flows",
      flows: [
        ...Array.from({ length: gpus }, (_, src) => flow(src, (src * 5 + 9) % gpus)).filter(
          ({ src, dst }) => src !== dst,
        ),
        ...Array.from({ length: 15 }, (_, i) => flow(8 + i * 3, 0)),
      ],
    },
  };
}

describe("the presets of whole transports", () => {
  const names = TRANSPORT_PRESETS.map(({ name }) => name);
  const results = new Map<string, ResultDocument>();

  it.each(names)("%s is coherent: no warning, and every flow is delivered", async (preset) => {
    expect(parseScenario(mixed(preset)).warnings).toEqual([]);
    const result = await simulate(mixed(preset));
    results.set(preset, result);
    expect(result.status).toBe("finished");
    if (preset !== "ethernet-lossy") expect(result.packets.timeouts).toBe(0);
  });

  it("lose packets where that is their way, and only there", () => {
    for (const preset of ["roce-pfc-only", "roce-dcqcn", "spectrum-x"]) {
      expect(results.get(preset)!.packets.dropped.congestion).toBe(0);
      expect(results.get(preset)!.packets.retransmitted).toBe(0);
    }
    const infiniband = results.get("infiniband")!;
    expect(infiniband.packets).toMatchObject({ retransmitted: 0, nacks: 0, timeouts: 0 });
    expect(infiniband.packets.dropped).toEqual({ congestion: 0, crc: 0, linkDown: 0, ordering: 0, watchdog: 0 });
    expect(infiniband.pfc.pauses).toBe(0);
    expect(infiniband.credit!.waitedNs).toBeGreaterThan(0);
    expect(results.get("uec")!.pfc.pauses).toBe(0);
    expect(results.get("uec")!.packets.dropped.congestion).toBe(0);
    expect(results.get("ethernet-lossy")!.pfc.pauses).toBe(0);
  });

  it("keep flows out of an incast's way where packets spread and nothing pauses", () => {
    const bystanders = (preset: string) => {
      const times = results
        .get(preset)!
        .flows!.filter(({ dst }) => dst !== 0)
        .map(({ fctNs }) => fctNs!);
      return times.reduce((sum, time) => sum + time, 0) / times.length;
    };
    expect(bystanders("uec")).toBeLessThan(bystanders("roce-pfc-only") / 1.5);
    expect(bystanders("uec")).toBeLessThan(bystanders("ethernet-lossy") / 1.2);
  });
});
