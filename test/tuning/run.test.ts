import { describe, expect, it, test } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { timeUs } from "../../src/scenario/tuning/model.js";
import { tunedSystem } from "../../src/scenario/tuning/system.js";
import { messagesOf } from "../scenario/samples.js";

const topology = { kind: "rail-optimized", gpus: 32, gpusPerNode: 8, radix: 64 };
const SYSTEM = tunedSystem({ ranks: 32, ranksPerNode: 8, scaleUpRateBps: 3.6e12, nicRateBps: 400e9 });

function run(workload: object) {
  return simulate({ topology, workload: { kind: "collective", ...workload } });
}

describe("a run with NCCL's protocols", () => {
  test.each(["ll", "ll128", "simple"] as const)("a small tree takes what the model says: %s", async (protocol) => {
    const { jctNs } = await run({ algorithm: "double-binary-tree", protocol, size: "64B" });
    const modelUs = timeUs({ collective: "all-reduce", algorithm: "tree", protocol }, SYSTEM, 64);
    // What is left is serialization.
    expect(jctNs! / 1000 / modelUs).toBeCloseTo(1, 2);
  });

  it("a ring takes every boundary between nodes that its chunks cross", async () => {
    const { jctNs, startNs } = await run({ algorithm: "ring", channels: 1, protocol: "ll", size: "32B" });
    // 62 hops of the last chunk, 8 of them between nodes; the model counts 6.
    const stepsUs = 6.6 + 8 * 2.7 + 54 * 1;
    expect(jctNs! / 1000).toBeGreaterThan(stepsUs);
    expect(jctNs! / 1000 / stepsUs).toBeCloseTo(1, 2);
    expect(startNs).toBe(0);
  });

  it("LL sends what its limit makes of the bytes, LL128 a little more than there are", async () => {
    const flat = { kind: "leaf-spine", gpus: 8, gpusPerNode: 1, radix: 16 };
    const sent = async (protocol: string) => {
      const workload = { kind: "collective", protocol, size: "2MiB" };
      return (await simulate({ topology: flat, workload })).packets.sent;
    };
    const [none, ll, ll128] = [await sent("none"), await sent("ll"), await sent("ll128")];
    // 8 nodes of one GPU: LL carries 20.4 GB/s of 48, LL128 0.92 of it.
    expect(ll / none).toBeCloseTo(48 / 20.4, 1);
    expect(ll128 / none).toBeCloseTo(1 / 0.92, 1);
  });

  it("auto chooses algorithm and protocol, and the result says so", async () => {
    const { workload } = await run({ algorithm: "auto", size: "1KiB" });
    expect(workload).toMatchObject({ algorithm: "double-binary-tree", protocol: "ll", isChosen: true });
    const none = await run({ algorithm: "auto", protocol: "none", size: "1KiB" });
    expect(none.workload).not.toHaveProperty("protocol");
  });

  it("auto takes neither chunk nor channels", () => {
    const text = `topology: { kind: leaf-spine, gpus: 16, gpusPerNode: 8, radix: 16 }
workload: { kind: collective, algorithm: auto, size: 1MiB, chunk: 4KiB, channels: 2 }`;
    expect(messagesOf(text)).toContain("chunk with algorithm auto, which chooses");
    expect(messagesOf(text)).toContain("channels with algorithm auto, which chooses");
  });
});
