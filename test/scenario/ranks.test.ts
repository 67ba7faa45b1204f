import { describe, expect, it, test } from "vitest";
import { scenarioDigest } from "../../src/scenario/parse/digest.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import type { Fault, FlowSpec } from "../../src/scenario/types/scenario.js";

const CLOS = { kind: "leaf-spine", gpus: 16, gpusPerNode: 8, radix: 32 };
const CUSTOM = {
  kind: "custom",
  hosts: ["alpha", "beta", "gpu-0"],
  switches: ["s"],
  links: ["alpha", "beta", "gpu-0"].map((a) => ({ a, b: "s" })),
};

function parse(topology: object, workload: object, more: object = {}) {
  return parseScenario({ version: 1, topology, workload: { kind: "flows", ...workload }, ...more });
}

function flowsOf(topology: object, workload: object): readonly FlowSpec[] {
  const { scenario } = parse(topology, workload);
  return scenario.workload.kind === "flows" ? scenario.workload.flows : [];
}

const ends = (flows: readonly FlowSpec[]) => flows.map(({ src, dst }) => [src, dst]);

describe("a rank", () => {
  it("of a flow is a number or a GPU's name, and means the same", () => {
    const flows = [
      { src: "gpu-12", dst: "gpu-3", size: "1KiB" },
      { src: 12, dst: "gpu-3", size: "1KiB" },
      { src: "gpu-0", dst: 15, size: "1KiB" },
    ];
    expect(ends(flowsOf(CLOS, { flows }))).toEqual([
      [12, 3],
      [12, 3],
      [0, 15],
    ]);
    const digests = [12, "gpu-12"].map((src) => {
      return scenarioDigest(parse(CLOS, { flows: [{ src, dst: 3, size: "1KiB" }] }).scenario);
    });
    expect(digests[0]).toBe(digests[1]);
  });

  it("is the target of patterns, of a background's too", () => {
    for (const pattern of ["incast", "hotspot"]) {
      const [byName, byNumber] = ["gpu-5", 5].map((target) => flowsOf(CLOS, { pattern, size: "1KiB", target }));
      expect(byName).toEqual(byNumber);
    }
    const { scenario } = parseScenario({
      version: 1,
      topology: CLOS,
      workload: { kind: "collective", size: "1MiB", background: { pattern: "incast", target: "gpu-5", size: "1KiB" } },
    });
    expect(scenario.workload.kind === "collective" && scenario.workload.background![0]!.dst).toBe(5);
  });

  it("of a custom topology is a number or its host's name, whatever that looks like", () => {
    const flows = [
      { src: "gpu-0", dst: 0, size: "1KiB" },
      { src: 1, dst: "alpha", size: "1KiB" },
    ];
    expect(ends(flowsOf(CUSTOM, { flows }))).toEqual([
      [2, 0],
      [1, 0],
    ]);
  });

  it("of a fault is a number or a name", () => {
    const faultsOf = (topology: object, ...faults: object[]): readonly Fault[] =>
      parse(topology, { pattern: "shift", size: "1KiB" }, { faults }).scenario.faults;
    expect(
      faultsOf(
        CLOS,
        { kind: "nic-stall", host: 3 },
        { kind: "degraded-link", from: 4, to: "leaf-0", ber: 1e-5 },
        { kind: "link-down", from: "leaf-0", to: 5, start: "1us" },
      ),
    ).toMatchObject([{ host: "gpu-3" }, { from: "gpu-4", to: "leaf-0" }, { from: "leaf-0", to: "gpu-5" }]);
    expect(faultsOf(CUSTOM, { kind: "link-down", from: 1, to: "s", start: "1us" })).toMatchObject([{ from: "beta" }]);
  });
});

test.each<[object, object, object, RegExp]>([
  [
    CLOS,
    { flows: [{ src: "gpu-16", dst: 0, size: "1B" }] },
    {},
    /flows\[0\]\.src: there is no gpu-16; write one from gpu-0 to gpu-15/,
  ],
  [
    CLOS,
    { flows: [{ src: "gpu-01", dst: 0, size: "1B" }] },
    {},
    /no host "?gpu-01"? \(did you mean "gpu-1"\?\); write a rank from 0 to 15, or gpu-0 to gpu-15/,
  ],
  [CLOS, { flows: [{ src: "leaf-0", dst: 0, size: "1B" }] }, {}, /no host "?leaf-0"?; write a rank from 0 to 15/],
  [CLOS, { flows: [{ src: "gpu-3", dst: 3, size: "1B" }] }, {}, /a flow from a rank to itself/],
  [CLOS, { flows: [{ src: 16, dst: 0, size: "1B" }] }, {}, /there is no rank 16; write one from 0 to 15/],
  [
    CLOS,
    { flows: [{ src: true, dst: 0, size: "1B" }] },
    {},
    /true is not a rank; write its number, or its name, e\.g\. gpu-3/,
  ],
  [CUSTOM, { flows: [{ src: "gpu-1", dst: 0, size: "1B" }] }, {}, /there is no host "?gpu-1"?/],
  [
    CLOS,
    { pattern: "shift", size: "1B" },
    { faults: [{ kind: "nic-stall", host: 16 }] },
    /faults\[0\]\.host: there is no rank 16/,
  ],
  [
    CLOS,
    { pattern: "shift", size: "1B" },
    {
      faults: [
        { kind: "nic-stall", host: 3 },
        { kind: "nic-stall", host: "gpu-3" },
      ],
    },
    /gpu-3 stalls already/,
  ],
  [
    CUSTOM,
    { pattern: "shift", size: "1B" },
    { faults: [{ kind: "link-down", from: 0, to: 1, start: "1us" }] },
    /no link between alpha and beta/,
  ],
])("what is wrong is refused: %j %j %j", (topology, workload, more, message) => {
  expect(() => parse(topology, workload, more)).toThrow(message);
});
