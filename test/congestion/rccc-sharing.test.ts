import { describe, expect, it } from "vitest";
import { simulate } from "../../src/api/simulate.js";

const MEGABYTE = 1_000_000;

interface Net {
  readonly hosts: readonly string[];
  readonly switches?: readonly string[];
  /** [end, end, Gb/s] */
  readonly links: readonly (readonly [string, string, number])[];
  /** [sender, receiver, MB] */
  readonly flows: readonly (readonly [string, string, number])[];
}

/** Completion times of the flows in us, under RCCC. */
async function timesUs({ hosts, switches = ["s"], links, flows }: Net): Promise<number[]> {
  const result = await simulate({
    version: 1,
    topology: {
      kind: "custom",
      hosts,
      switches,
      links: links.map(([a, b, gbps]) => ({ a, b, rate: `${gbps}Gbps`, latency: "1us" })),
    },
    transport: { recovery: "selective", congestionControl: { kind: "rccc" } },
    workload: {
      kind: "flows",
      flows: flows.map(([src, dst, megabytes]) => ({ src, dst, size: `${megabytes * MEGABYTE}B` })),
    },
  });
  expect(result.status).toBe("finished");
  return result.flows!.map(({ fctNs }) => fctNs! / 1000);
}

/** Time of a number of megabytes at a rate, without latency. */
function lineUs(megabytes: number, gbps: number): number {
  return (megabytes * MEGABYTE * 8 * (4178 / 4096)) / (gbps * 1000);
}

describe("rccc", () => {
  it("lets a fast sender have what a slow one leaves of the receiver's link", async () => {
    const hosts = ["a", "x", "r"];
    const [fast, slow] = await timesUs({
      hosts,
      links: [
        ["a", "s", 100],
        ["x", "s", 10],
        ["r", "s", 100],
      ],
      flows: [
        ["a", "r", 4],
        ["x", "r", 4],
      ],
    });
    expect(fast).toBeLessThan(1.03 * lineUs(4, 90));
    expect(slow).toBeLessThan(1.01 * lineUs(4, 10));
  });

  it.each([2, 9])("lets a fast sender have what %i slow paths leave", async (slowPaths) => {
    const slow = Array.from({ length: slowPaths }, (_, i) => `x${i}`);
    const rest = 100 - 10;
    const [fast, ...others] = await timesUs({
      hosts: ["a", "r", ...slow],
      switches: ["s", "t"],
      links: [
        ["a", "s", 100],
        ["r", "s", 100],
        // All that is slow comes over this one, from NICs that are not.
        ["t", "s", 10],
        ...slow.map((x) => [x, "t", 100] as const),
      ],
      flows: [["a", "r", 40], ...slow.map((x) => [x, "r", 9 / slowPaths] as const)],
    });
    // Once, each of the others takes credit for a window that comes late.
    expect(fast).toBeLessThan(1.07 * lineUs(40, rest));
    expect(Math.max(...others)).toBeLessThan(1.04 * lineUs(9, 10));
  });

  it("does not let a sender that is busy elsewhere hold up the others of a receiver", async () => {
    const elsewhere = Array.from({ length: 8 }, (_, i) => `e${i}`);
    const hosts = ["busy", "a", "r", ...elsewhere];
    const times = await timesUs({
      hosts,
      links: hosts.map((host) => [host, "s", 100]),
      flows: [["a", "r", 4], ["busy", "r", 2], ...elsewhere.map((host) => ["busy", host, 2] as const)],
    });
    // One ninth of the busy NIC's link goes to the same receiver.
    expect(times[0]).toBeLessThan(1.05 * lineUs(4, (100 * 8) / 9));
    expect(Math.max(...times)).toBeLessThan(1.03 * lineUs(18, 100));
  });

  it("keeps one sender's link full to many receivers", async () => {
    const receivers = Array.from({ length: 16 }, (_, i) => `r${i}`);
    const hosts = ["a", ...receivers];
    const times = await timesUs({
      hosts,
      links: hosts.map((host) => [host, "s", 100]),
      flows: receivers.map((host) => ["a", host, 1] as const),
    });
    expect(Math.max(...times)).toBeLessThan(1.02 * lineUs(16, 100));
  });

  it("shares a receiver among senders of unequal rates by what they need", async () => {
    const rates = [10, 20, 25, 100, 100];
    const hosts = rates.map((_, i) => `h${i}`);
    const times = await timesUs({
      hosts: [...hosts, "r"],
      links: [...hosts.map((host, i) => [host, "s", rates[i]!] as const), ["r", "s", 100]],
      flows: hosts.map((host) => [host, "r", 2] as const),
    });
    // Max-min: 10, 20, and the rest a third of 70 each.
    const fair = [10, 20, 70 / 3, 70 / 3, 70 / 3];
    for (const [i, share] of fair.entries()) expect(times[i]).toBeLessThan(1.06 * lineUs(2, share));
  });

  it.each([
    [1, 10, 2, 8],
    [4, 5, 2, 8],
    [4, 10, 2, 8],
    [9, 5, 2, 8],
    // Longer: what all send unasked makes a queue at the start.
    [24, 2, 6, 12],
  ])("keeps a sender's link full while %i fast ones have turns too: %i Gb/s", async (others, gbps, own, each) => {
    const fast = Array.from({ length: others }, (_, i) => `f${i}`);
    const [slow] = await timesUs({
      hosts: ["a", "r", ...fast],
      links: [["a", "s", gbps], ["r", "s", 100], ...fast.map((host) => [host, "s", 100] as const)],
      flows: [["a", "r", own], ...fast.map((host) => [host, "r", each] as const)],
    });
    expect(slow).toBeLessThan(1.03 * lineUs(own, gbps));
  });
});
