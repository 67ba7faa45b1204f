import { describe, expect, test } from "vitest";
import { toPlain } from "../../src/scenario/document/node.js";
import { readSweep } from "../../src/study/sweep/sweep-file.js";
import { BASE, faultsOf } from "./support.js";

async function valuesOf(axis: string): Promise<unknown[]> {
  const { axes } = await readSweep(`${BASE}axes:\n  workload.size: ${axis}\n`);
  return axes[0]!.values.map(toPlain);
}

describe("values of an axis", () => {
  test.each([
    ["[1KiB, 2, true, { a: 1 }, [x]]", ["1KiB", 2, true, { a: 1 }, ["x"]]],
    ["{ range: [1, 2], step: 0.25 }", [1, 1.25, 1.5, 1.75, 2]],
    ["{ range: [0.1, 0.5], step: 0.1 }", [0.1, 0.2, 0.3, 0.4, 0.5]],
    ["{ range: [1, 8], step: 3 }", [1, 4, 7]],
    ["{ range: [100ns, 1us], points: 4 }", ["100ns", "400ns", "700ns", "1us"]],
    ["{ range: [1GBps, 16Gbps], step: 4Gbps }", ["8Gbps", "12Gbps", "16Gbps"]],
    ["{ log: [1MiB, 1GiB], points: 3 }", ["1MiB", "32MiB", "1GiB"]],
    ["{ log: [64, 32768], points: 10 }", [64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768]],
    ["{ log: [1e-6, 1e-3], points: 4 }", [1e-6, 1e-5, 1e-4, 1e-3]],
    ["{ log: [1B, 100B], points: 4 }", ["1B", "5B", "22B", "100B"]],
  ])("%s", async (axis, values) => {
    expect(await valuesOf(axis)).toEqual(values);
  });

  test.each([
    ["7", '5:18: axes."workload.size": write a list of values'],
    ["[]", "at least one value"],
    ["[1KiB, 1KiB]", '5:25: axes."workload.size": "1KiB" comes twice'],
    ["{ log: [1, 4], points: 9 }", "1 comes twice; write fewer points"],
    ["{ range: [1, 4] }", "write points: a whole number from 2 to"],
    ["{ range: [1, 4], points: 1 }", "write points: a whole number from 2 to"],
    ["{ range: [1, 4], points: 3, step: 1 }", "step goes with range alone"],
    ["{ range: [1, 4], steps: 1 }", 'unknown key steps (did you mean "step"?)'],
    ["{ range: [4, 1], step: 1 }", "the first end must be less"],
    ["{ range: [1, 4KiB], step: 1 }", "both ends must be of the same kind"],
    ["{ range: [1ns, 4KiB], points: 3 }", "both ends must be of the same kind"],
    ["{ range: [1, x], step: 1 }", '"x" is neither a number nor a quantity'],
    ["{ range: [1, 2, 3], step: 1 }", "a list of two ends"],
    ["{ range: [1, 1e9], step: 1 }", "at most 10000"],
    ["{ range: [1KiB, 2KiB], step: 1 }", "of the same kind as the ends"],
    ["{ log: [0, 8], points: 3 }", "begins above zero"],
  ])("%s is refused", async (axis, message) => {
    const faults = await faultsOf(`axes:\n  workload.size: ${axis}\n`);
    expect(faults.join("\n")).toContain(message);
    expect(faults[0]).toMatch(/^s\.yaml:5:\d+: axes\./);
  });
});
