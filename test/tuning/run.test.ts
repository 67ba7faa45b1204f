import { describe, expect, it, test } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { timeUs } from "../../src/scenario/tuning/model.js";
import { tunedSystem } from "../../src/scenario/tuning/system.js";
import type { CollectiveWorkload } from "../../src/scenario/types/scenario.js";
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

  test.each([
    ["nvls", 8, "nvls"],
    ["nvls-tree", 32, "nvls-tree"],
  ] as const)("a small all-reduce by %s takes what the model says", async (algorithm, gpus, name) => {
    const own = { ...topology, gpus, kind: gpus === 8 ? "leaf-spine" : "rail-optimized" };
    const workload = { kind: "collective", algorithm, protocol: "simple", size: "64B" };
    const { jctNs } = await simulate({ topology: own, workload });
    const system = tunedSystem({ ranks: gpus, ranksPerNode: 8, scaleUpRateBps: 3.6e12, nicRateBps: 400e9 });
    const modelUs = timeUs({ collective: "all-reduce", algorithm: name, protocol: "simple" }, system, 64);
    expect(jctNs! / 1000 / modelUs).toBeCloseTo(1, 2);
  });

  it("auto takes NVLS where NCCL would, and nothing that the fabric or a program cannot do", async () => {
    const node = { kind: "leaf-spine", gpus: 8, gpusPerNode: 8, radix: 16 };
    const workload = { kind: "collective", algorithm: "auto", size: "16MiB" };
    const algorithmOf = (more: object) => {
      const { scenario } = parseScenario({ topology: node, workload, ...more });
      return (scenario.workload as CollectiveWorkload).algorithm;
    };
    expect(algorithmOf({})).toBe("nvls");
    expect(algorithmOf({ workload: { ...workload, protocol: "ll" } })).toBe("ring");
    expect(algorithmOf({ workload: { ...workload, ranks: [0, 1, 2, 3, 4, 5, 6, 7] } })).toBe("nvls");
    expect(algorithmOf({ links: { scaleUp: { ber: 1e-5 } } })).toBe("ring");
    expect(algorithmOf({ links: { scaleUp: { ber: 1e-5, llr: true } } })).toBe("nvls");
    const faults = [{ kind: "link-down", from: "gpu-0", to: "nvswitch-0", start: "1us" }];
    expect(algorithmOf({ faults })).toBe("ring");
    const communicators = [{ name: "sum", algorithm: "auto", size: "16MiB" }];
    const roles = [{ name: "all", streams: [{ do: [{ collective: "sum" }] }] }];
    const program = await simulate({ topology: node, workload: { kind: "program", communicators, roles } });
    expect(program.status).toBe("finished");
    const { workload: done, status } = await simulate({ topology: node, workload });
    expect([done, status]).toMatchObject([{ algorithm: "nvls", protocol: "simple", isChosen: true }, "finished"]);
  });

  it("NVLS and PAT have the protocol Simple only", () => {
    const text = `topology: { kind: leaf-spine, gpus: 8, gpusPerNode: 8, radix: 16 }
workload: { kind: collective, algorithm: nvls, size: 1MiB, protocol: ll }`;
    expect(messagesOf(text)).toContain("workload.protocol: nvls has no protocol ll; write protocol: simple, or none");
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
