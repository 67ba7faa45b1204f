import { describe, expect, it } from "vitest";
import { simulate } from "../../src/api/simulate.js";

interface Incast {
  readonly senders: number;
  readonly size: string;
  readonly rto: string;
  readonly flowControl: object;
  /** Of the link of sender i, in m. */
  readonly length?: (i: number) => number;
  readonly seed?: number;
  readonly timeLimit?: string;
}

/** Equal senders at 100 Gb/s into one port of a switch with 5.2 MB of tail-drop buffer. */
async function runIncast({ senders, size, rto, flowControl, length = () => 3, seed = 1, timeLimit }: Incast) {
  const hosts = Array.from({ length: senders }, (_, i) => `h${i}`);
  const result = await simulate({
    version: 1,
    seed,
    ...(timeLimit !== undefined && { timeLimit }),
    topology: {
      kind: "custom",
      hosts: [...hosts, "c"],
      switches: ["s"],
      links: [
        ...hosts.map((a, i) => ({ a, b: "s", rate: "100Gbps", length: `${length(i)}m` })),
        { a: "c", b: "s", rate: "100Gbps", length: "3m" },
      ],
    },
    switch: { buffer: "5200000B" },
    flowControl: { kind: "none", dropAlpha: 1, ...flowControl },
    transport: { window: "256MiB", recovery: "selective", rto, retryLimit: 50 },
    workload: { kind: "flows", flows: hosts.map((src) => ({ src, dst: "c", size })) },
  });
  expect(result.status).toBe(timeLimit === undefined ? "finished" : "time-limit");
  const drops = hosts.map((host) => result.links.hottest.find(({ from }) => from === host)!.droppedCongestion);
  expect(drops.reduce((sum, count) => sum + count, 0)).toBe(result.packets.dropped.congestion);
  return { ...result, drops, ends: result.flows!.map(({ fctNs }) => fctNs!) };
}

/** Largest difference of a share from an equal one. */
function unevenness(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  return Math.max(...values.map((value) => Math.abs(value / sum - 1 / values.length)));
}

/** Of the share of one, where as many even draws decide. */
function threeDeviations(values: readonly number[]): number {
  const share = 1 / values.length;
  return 3 * Math.sqrt((share * (1 - share)) / values.reduce((total, value) => total + value, 0));
}

const TWO = { senders: 2, size: "32MiB", rto: "4ms" };
/** Of two senders of 32 MiB, by the link alone. */
const BOUND_NS = 5_478_750;

describe("equal senders at a full queue", () => {
  it.each([1, 2, 3])("share the drops, seed %i", async (seed) => {
    const { drops } = await runIncast({ ...TWO, flowControl: {}, seed });
    expect(unevenness(drops)).toBeLessThan(threeDeviations(drops));
  });

  it("share them where their cables differ, so that their packets never tie", async () => {
    const { drops } = await runIncast({ ...TWO, flowControl: {}, length: (i) => 3 + 4 * i });
    expect(unevenness(drops)).toBeLessThan(threeDeviations(drops));
  });

  it.each([3, 8])("share them, %i of them, while all send", async (senders) => {
    const length = (i: number) => 3 + (i % 3);
    const { drops } = await runIncast({ ...TWO, senders, flowControl: {}, length, timeLimit: "2ms" });
    expect(unevenness(drops)).toBeLessThan(threeDeviations(drops));
  });

  it("end together, and near the bound where what is lost twice is soon sent again", async () => {
    const { jctNs, ends } = await runIncast({ ...TWO, rto: "400us", flowControl: {} });
    expect(jctNs! / BOUND_NS).toBeLessThan(1.06);
    expect(Math.min(...ends) / Math.max(...ends)).toBeGreaterThan(0.95);
  });

  it("end together where what does not fit is trimmed", async () => {
    const { jctNs, ends } = await runIncast({ ...TWO, flowControl: { trim: true, trimVictim: "fair" } });
    expect(jctNs! / BOUND_NS).toBeLessThan(1.03);
    expect(Math.min(...ends) / Math.max(...ends)).toBeGreaterThan(0.95);
  });

  it("lose all on one side where the packet that comes is the victim", async () => {
    const { drops } = await runIncast({ ...TWO, flowControl: { dropVictim: "arriving" } });
    expect(Math.min(...drops)).toBe(0);
  });

  it("lose nothing that fits", async () => {
    // Half of the buffer, and what the port sends meanwhile.
    const { drops } = await runIncast({ ...TWO, size: "2MiB", flowControl: {} });
    expect(drops).toEqual([0, 0]);
  });
});
