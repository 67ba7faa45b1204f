/** What a simulation shows of its links while it runs. */
import { describe, expect, it } from "vitest";
import { LinkState, parseScenarioText, type ScenarioDocument, Simulation } from "../../src/index.js";
import { INCAST } from "../support/incast.js";

describe("look", () => {
  it("tells what waits, what is paused and what was sent, as the result does in the end", async () => {
    const simulation = await Simulation.start(parseScenarioText(INCAST).scenario);
    const { devices, links } = simulation.fabric();
    const name = (device: number) => devices[device]!.name;
    const at = (from: string, to: string) => {
      const there = links.findIndex((link) => name(link.from) === from && name(link.to) === to);
      return there >= 0
        ? 2 * there
        : 2 * links.findIndex((link) => name(link.from) === to && name(link.to) === from) + 1;
    };
    expect(devices.map(({ tier }) => tier)).toEqual([0, 0, 0, 0, 1, 1]);
    let most = 0;
    let paused = 0;
    let before = 0;
    for (let ns = 2000; ns < 1e6; ns += 2000) {
      await simulation.run({ untilNs: ns });
      const loads = simulation.look();
      expect(loads.simulatedNs).toBeGreaterThanOrEqual(before);
      before = loads.simulatedNs;
      most = Math.max(most, loads.queuedBytes[at("right", "c")]!);
      if ((loads.state[at("left", "right")]! & LinkState.paused) !== 0) paused++;
    }
    await simulation.run();
    const { links: summary, pfc, status } = simulation.result();
    expect(status).toBe("finished");
    expect(paused).toBeGreaterThan(0);
    expect(pfc.pausedNs).toBeGreaterThan(0);
    const hottest = summary.hottest.find(({ from, to }) => from === "right" && to === "c")!;
    const end = simulation.look();
    expect(end.txBytes[at("right", "c")]).toBe(hottest.txBytes);
    expect(end.queuedBytes.every((bytes) => bytes === 0)).toBe(true);
    expect(most).toBeLessThanOrEqual(hottest.maxQueueBytes);
    expect(most).toBeGreaterThan(0.8 * hottest.maxQueueBytes);
  });

  it("follows faults in time: rates, links that are down, losses", async () => {
    const document = {
      topology: { kind: "leaf-spine", gpus: 4, gpusPerNode: 1, radix: 4 },
      transport: { kind: "roce", rto: "50us" },
      workload: { kind: "collective", size: "1MiB" },
      faults: [
        { kind: "degraded-link", from: "gpu-1", to: "leaf-0", rate: "100Gbps", at: "5us", until: "9us" },
        { kind: "link-down", from: "gpu-0", to: "leaf-0", at: "20us", until: "30us" },
      ],
    } satisfies ScenarioDocument;
    const simulation = await Simulation.start(document);
    const lookAt = async (untilNs: number) => {
      await simulation.run({ untilNs });
      return simulation.look();
    };
    const rates = [await lookAt(3000), await lookAt(7000), await lookAt(12_000)].map(({ rateBps }) => rateBps[2]);
    expect(rates).toEqual([400e9, 100e9, 400e9]);
    const [down, up] = [await lookAt(25_000), await lookAt(40_000)];
    expect([down.state[0], down.state[1], up.state[0]]).toEqual([LinkState.down, LinkState.down, 0]);
    expect(down.dropped[0]! + down.dropped[1]!).toBeGreaterThan(0);
    await simulation.close();
  });

  it("refuses where only one of what is alike was simulated", async () => {
    const document: ScenarioDocument = {
      topology: { kind: "rail-optimized", gpus: 512, gpusPerNode: 8 },
      routing: { policy: "pinned" },
      workload: { kind: "collective", algorithm: "hierarchical-ring", size: "1MiB" },
    };
    const simulation = await Simulation.start(document, { replicate: true });
    expect(() => simulation.look()).toThrow(/replicate/);
    await simulation.close();
  });
});
