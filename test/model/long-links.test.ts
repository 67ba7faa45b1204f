import { expect, test } from "vitest";
import { simulate } from "../../src/api/simulate.js";

const MESSAGE = /write at most 20000km/;

/** One flow of 64 MiB at 100 Gb/s over a link that is long, and one that is not. */
function over(length: string, more: object = {}) {
  return simulate({
    version: 1,
    topology: {
      kind: "custom",
      hosts: ["a", "b"],
      switches: ["s"],
      links: [
        { a: "a", b: "s", rate: "100Gbps", length },
        { a: "b", b: "s", rate: "100Gbps", length: "3m" },
      ],
    },
    switch: { buffer: "3GB" },
    transport: { window: "unlimited" },
    workload: { kind: "flows", flows: [{ src: "a", dst: "b", size: "64MiB" }] },
    ...more,
  });
}

test("links longer than 32 bits of picoseconds delay by 5 ns a metre", async () => {
  const base = await over("100km");
  for (const [length, km] of [
    ["1000km", 1000],
    ["6000km", 6000],
  ] as const) {
    const result = await over(length);
    expect(result.status).toBe("finished");
    expect(result.jctNs! - base.jctNs!).toBeCloseTo((km - 100) * 5000, 3);
    expect(result.packets.dropped.congestion).toBe(0);
  }
}, 60_000);

test("a pause over 1,000 km takes 10 ms to act, and its headroom holds what comes until then", async () => {
  const faults = [{ kind: "nic-stall", host: "b", start: "6ms", until: "12ms" }];
  const result = await over("1000km", { faults });
  expect(result.status).toBe("finished");
  expect(result.pfc.pauses).toBeGreaterThan(0);
  expect(result.packets.dropped.congestion).toBe(0);
});

test("longer ones are refused", async () => {
  await expect(over("20001km")).rejects.toThrow(MESSAGE);
});
