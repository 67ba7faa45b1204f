import { describe, expect, it } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import type { ScenarioDocument } from "../../src/scenario/schema/sections.js";
import { squareLeafSpine } from "./support.js";

const WIDTH = 8;

/**
 * Every host of a leaf sends to the host at its place under the next leaf: one flow for each
 * uplink.
 */
function shift(routing: object, more: object = {}): ScenarioDocument {
  const hosts = WIDTH * WIDTH;
  const flows = Array.from({ length: hosts }, (_, src) => ({
    src: `h${src}`,
    dst: `h${(src + WIDTH) % hosts}`,
    size: "1MB",
  }));
  return {
    version: 1,
    topology: squareLeafSpine(WIDTH),
    routing,
    workload: { kind: "flows", flows },
    ...more,
  } as unknown as ScenarioDocument;
}

describe("flowlets", () => {
  it("find an uplink each where hashes collide, and stay on it: go-back-n sees no reordering", async () => {
    const hashed = await simulate(shift({ policy: "ecmp-qp" }));
    const flowlets = await simulate(shift({ policy: "flowlet", gap: "5us", quantum: "64B" }));
    expect(hashed.jctNs! / hashed.idealJctNs).toBeGreaterThan(1.9);
    expect(flowlets.jctNs! / flowlets.idealJctNs).toBeLessThan(1.05);
    expect(flowlets.packets.retransmitted).toBe(0);
  });

  it("of single packets are adaptive routing, where no two queue pairs share an entry", async () => {
    const one = { src: "h0", dst: `h${WIDTH}`, size: "1MB" };
    const recovery = { transport: { recovery: "selective" }, workload: { kind: "flows", flows: [one] } };
    const adaptive = await simulate(shift({ policy: "adaptive" }, recovery));
    const flowlets = await simulate(shift({ policy: "flowlet", gap: "1ps" }, recovery));
    expect(flowlets.engine.digest).toBe(adaptive.engine.digest);
    const whole = await simulate(shift({ policy: "flowlet", gap: "100us" }, recovery));
    expect(whole.engine.digest).not.toBe(adaptive.engine.digest);
  });

  it("let a flow leave a path that has become busy once it pauses for long enough", async () => {
    // Each message leaves one by one; the first two flows share leaf a and differ in when they
    // begin.
    const topology = {
      kind: "custom",
      hosts: ["h0", "h1", "g0", "g1"],
      switches: ["a", "b", "x", "y"],
      links: [
        ...["h0", "h1"].map((host) => ({ a: host, b: "a" })),
        ...["g0", "g1"].map((host) => ({ a: host, b: "b" })),
        ...["x", "y"].flatMap((spine) => [
          { a: "a", b: spine },
          { a: spine, b: "b" },
        ]),
      ],
    };
    // A window of one packet makes a pause of a round trip, about 8 us, after every packet.
    const workload = {
      kind: "flows",
      flows: [
        { src: "h0", dst: "g0", size: "400KB" },
        { src: "h1", dst: "g1", size: "400KB" },
      ],
    };
    const used = async (gap: string) => {
      const routing = { policy: "flowlet", gap };
      const transport = { window: "4096B" };
      const { links } = await simulate({ version: 1, topology, routing, transport, workload });
      const carried = links.hottest.filter(({ from }) => from === "a").map(({ to, txBytes }) => ({ to, txBytes }));
      return carried.filter(({ to, txBytes }) => ["x", "y"].includes(to) && txBytes > 0);
    };
    // Ties are broken at random: with a choice for every packet each spine carries about half,
    // without one a flow keeps its own.
    const [short, long] = [await used("1us"), await used("100us")];
    const share = (carried: { txBytes: number }[]) =>
      Math.max(...carried.map(({ txBytes }) => txBytes)) / carried.reduce((sum, { txBytes }) => sum + txBytes, 0);
    expect(short).toHaveLength(2);
    expect(share(short)).toBeLessThan(0.65);
    expect([0.5, 1].some((whole) => Math.abs(share(long) - whole) < 0.01)).toBe(true);
  });
});
