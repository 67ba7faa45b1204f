import { describe, expect, it } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";

const PACKET_BYTES = 4158;

/**
 * Two senders into each of a port of 100 Gb/s and one of 10 Gb/s, which have more to hold than they
 * may.
 */
async function queues(flowControl: object) {
  const hosts = ["a", "b", "fast", "slow"];
  const { status, links } = await simulate({
    version: 1,
    topology: {
      kind: "custom",
      hosts,
      switches: ["s"],
      links: hosts.map((a) => ({ a, b: "s", rate: a === "slow" ? "10Gbps" : "200Gbps" })),
    },
    flowControl: { kind: "none", trim: true, ...flowControl },
    transport: { recovery: "selective", window: "4MiB" },
    workload: {
      kind: "flows",
      flows: ["fast", "slow"].flatMap((dst) => ["a", "b"].map((src) => ({ src, dst, size: "8MB" }))),
    },
  });
  expect(status).toBe("finished");
  const most = (to: string) => links.hottest.find((link) => link.to === to)!.maxQueueBytes;
  return { fast: most("fast"), slow: most("slow") };
}

describe("limits of egress queues", () => {
  it("are bytes by a port's rate where they are given as time", async () => {
    const { fast, slow } = await queues({ queueTime: "20us" });
    const [fastLimit, slowLimit] = [500_000, 25_000];
    expect(slow).toBeGreaterThan(slowLimit - 2 * PACKET_BYTES);
    // Bytes on the wire, and headers of trimmed packets, come on top.
    expect(slow).toBeLessThan(1.1 * slowLimit + PACKET_BYTES);
    expect(fast).toBeLessThan(1.1 * fastLimit + PACKET_BYTES);
    const unlimited = await queues({});
    expect(unlimited.slow).toBeGreaterThan(10 * slow);
  });

  it("are the lower one of time and bytes", async () => {
    const { fast, slow } = await queues({ queueTime: "20us", queueSize: "100KB" });
    expect(fast).toBeLessThan(1.1 * 100_000 + PACKET_BYTES);
    expect(slow).toBeLessThan(1.1 * 25_000 + PACKET_BYTES);
  });

  it("let a packet through, however low they are", async () => {
    const { slow } = await queues({ queueSize: "1B" });
    expect(slow).toBeGreaterThan(0);
    expect(slow).toBeLessThan(2 * PACKET_BYTES);
  });

  it("have a unit", () => {
    const scenario = { topology: { kind: "leaf-spine", gpus: 8, gpusPerNode: 1, radix: 8 } };
    const written = (queueTime: unknown) => ({ version: 1, ...scenario, flowControl: { kind: "none", queueTime } });
    expect(() => parseScenario(written("12"))).toThrow("queueTime");
    expect(() => parseScenario({ ...written("12us"), flowControl: { kind: "pfc", queueTime: "12us" } })).toThrow(
      "queueTime",
    );
  });
});
