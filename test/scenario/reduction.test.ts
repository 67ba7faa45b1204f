import { describe, expect, it } from "vitest";
import { resolvePlan } from "../../src/resolve/resolve.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";

const leaf = (gpus: number, gpusPerNode: number) => ({ kind: "leaf-spine", gpus, gpusPerNode, radix: 64 });
const allReduce = (algorithm: string) => ({ kind: "collective", algorithm, size: "1MiB" });

function planOf(document: object) {
  return resolvePlan(parseScenario({ version: 1, ...document }).scenario).plan;
}

describe("what does not go with reduction in switches", () => {
  it.each([
    ["nodes", { topology: leaf(16, 8), workload: allReduce("nvls") }, /there are 2 nodes; write algorithm: nvls-tree/],
    ["one node", { topology: leaf(8, 8), workload: allReduce("sharp") }, /for several nodes.*write algorithm: nvls/],
    ["no NVSwitch", { topology: leaf(8, 1), workload: allReduce("nvls") }, /needs nodes of several GPUs/],
    [
      "no flow control",
      { topology: leaf(8, 1), flowControl: { kind: "none" }, workload: allReduce("sharp") },
      /flowControl: \{ kind: pfc \}/,
    ],
    [
      "losses",
      { topology: leaf(8, 1), links: { access: { ber: 1e-5 } }, workload: allReduce("sharp") },
      /level access that may lose frames; write llr: true/,
    ],
    [
      "a link that goes down",
      {
        topology: leaf(128, 1),
        faults: [{ kind: "link-down", from: "leaf-0", to: "spine-0", start: "5us" }],
        workload: allReduce("sharp"),
      },
      /does not change when a link of it goes down/,
    ],
    [
      "too little room",
      { topology: leaf(8, 8), reduction: { scaleUpPackets: 20 }, workload: allReduce("nvls") },
      /write at least scaleUpPackets: 32/,
    ],
    [
      "a number that is none",
      { topology: leaf(8, 8), reduction: { packets: 1 }, workload: allReduce("nvls") },
      /1 is not allowed; write one from 2/,
    ],
    [
      "other collectives",
      { topology: leaf(8, 8), workload: { ...allReduce("nvls"), collective: "broadcast" } },
      /nvls does no broadcast; write algorithm: ring/,
    ],
  ])("%s", (_, document, message) => {
    expect(() => planOf(document)).toThrow(message);
  });
});

describe("what goes", () => {
  it("links that repeat what they lose; lossy switches, where only NVSwitches reduce", () => {
    const retried = { access: { ber: 1e-5, llr: true } };
    expect(planOf({ topology: leaf(8, 1), links: retried, workload: allReduce("sharp") }).reduction).toBeDefined();
    const lossy = { topology: leaf(16, 8), flowControl: { kind: "none" }, workload: allReduce("nvls-tree") };
    expect(planOf(lossy).reduction).toBeDefined();
  });

  it("shares the room of a switch between its operations", () => {
    const workload = allReduce("nvls");
    const { reduction } = planOf({ topology: leaf(4, 4), reduction: { scaleUpPackets: 100 }, workload });
    // Four shares, each reduced and copied: 8 operations, half of the room for sums.
    expect([...reduction!.windowPackets]).toEqual(Array(8).fill(6));
  });

  it("has no parameters where nothing reduces, and says so", () => {
    const document = { topology: leaf(8, 8), workload: allReduce("ring"), reduction: { packets: 100 } };
    const { scenario, warnings } = parseScenario({ version: 1, ...document });
    expect(scenario.reduction).toBeUndefined();
    expect(warnings.map(String).join() + JSON.stringify(warnings)).toMatch(/only nvls, nvls-tree and sharp/);
  });
});
