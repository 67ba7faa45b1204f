import fc from "fast-check";
import { expect, test } from "vitest";
import { checkCabling } from "../../src/study/cabling/check.js";
import { intendedCabling, writeCabling } from "../../src/study/cabling/intended.js";
import { CablingError, readNeighbours } from "../../src/study/cabling/read.js";
import { formatCabling } from "../../src/study/cabling/text.js";
import { fabricOf } from "../topology/support-fabric.js";

const RAILS = intendedCabling(fabricOf({ kind: "rail-optimized", gpus: 64 }).plan);
const LINES = [...writeCabling(RAILS)];

function check(lines: readonly string[], intended = RAILS) {
  return checkCabling(readNeighbours(lines.join(""), "c.csv"), intended);
}

/** The intended cabling with the far ends of some rows exchanged, seen from both sides. */
function crossed(first: string, second: string): string[] {
  const [a, b] = [first, second].map((row) => row.trim().split(","));
  const swapped = new Map([
    [first, [...a!.slice(0, 2), ...b!.slice(2)]],
    [second, [...b!.slice(0, 2), ...a!.slice(2)]],
  ]);
  const reverse = ([device, port, peer, peerPort]: string[]) => `${peer},${peerPort},${device},${port}\n`;
  const gone = new Set([reverse(a!), reverse(b!)]);
  const seen = [...swapped.values()].map(reverse).filter((row) => !row.startsWith("gpu-"));
  return [
    ...LINES.filter((row) => !gone.has(row)).map((row) => swapped.get(row)?.join(",").concat("\n") ?? row),
    ...seen,
  ];
}

const rowOf = (start: string) => LINES.find((line) => line.startsWith(start))!;

test("what topo writes is right: 64 cables of GPUs, 256 between switches", () => {
  expect(LINES).toHaveLength(1 + 64 + 2 * 256);
  expect(check(LINES)).toEqual({
    intendedCables: 320,
    rightCables: 320,
    faults: [],
    comparesPorts: true,
    wrongRailGpus: 0,
  });
});

test("two GPUs on each other's leaf: named as swapped, and both on a wrong rail", () => {
  const report = check(crossed(rowOf("leaf-0,3,"), rowOf("leaf-1,3,")));
  expect(report.faults.map(({ kind, message }) => [kind, message])).toEqual([
    [
      "swapped",
      "leaf-0 port 3 - gpu-24 port 0 and leaf-1 port 3 - gpu-25 port 0 are crossed: " +
        "found leaf-0 port 3 - gpu-25 port 0 and leaf-1 port 3 - gpu-24 port 0",
    ],
    ["rail", "gpu-25 belongs on rail 1; it is on leaf-0, of rail 0"],
    ["rail", "gpu-24 belongs on rail 0; it is on leaf-1, of rail 1"],
  ]);
  expect(report).toMatchObject({ rightCables: 318, wrongRailGpus: 2 });
});

test("any two cables that are crossed are one swap, from whatever side they are told", () => {
  fc.assert(
    fc.property(fc.nat(LINES.length - 2), fc.nat(LINES.length - 2), (i, j) => {
      const [first, second] = [LINES[1 + i]!, LINES[1 + j]!];
      const devices = (row: string) => [row.split(",")[0], row.split(",")[2]];
      fc.pre(new Set([...devices(first), ...devices(second)]).size === 4);
      const { faults, rightCables } = check(crossed(first, second));
      expect(faults.filter(({ kind }) => kind !== "rail").map(({ kind }) => kind)).toEqual(["swapped"]);
      expect(rightCables).toBe(318);
    }),
  );
});

test("ports with the vendor's names: devices are compared, and hosts by node and NIC", () => {
  const renamed = crossed(rowOf("leaf-0,3,"), rowOf("leaf-1,3,")).map((line) => {
    const [device, port, peer, peerPort] = line.trim().split(",");
    const gpu = /^gpu-(\d+)$/.exec(peer!)?.[1];
    const far =
      gpu === undefined ? `${peer},Ethernet1/${peerPort}` : `node-${Math.floor(+gpu / 8)}.dc1,mlx5_${+gpu % 8}`;
    return `${device},Eth1/${port},${far}\n`;
  });
  const report = check(renamed.slice(1));
  expect(report).toMatchObject({ comparesPorts: false, rightCables: 318, wrongRailGpus: 2 });
  expect(report.faults[0]!.message).toBe(
    "leaf-0 - gpu-24 and leaf-1 - gpu-25 are crossed: found leaf-0 port Eth1/3 - gpu-25 port 0 and leaf-1 port Eth1/3 - gpu-24 port 0",
  );
});

test("missing, moved, additional and unknown cables, and switches that say nothing", () => {
  const faults = (lines: readonly string[]) =>
    check(lines).faults.map(({ kind, message, lines: at }) => [kind, message, at]);
  const row = rowOf("leaf-2,5,");
  expect(faults(LINES.filter((line) => line !== row))).toEqual([["missing", "leaf-2 port 5 - gpu-42 port 0", []]]);
  const twice = faults(LINES.map((line) => (line === row ? "leaf-2,39,gpu-42,0\n" : line)));
  expect(twice).toContainEqual(["unknown", "leaf-2 port 39 has a second neighbour, spine-3; see line 151", [216]]);
  expect(faults([...LINES, "leaf-0,63,storage-1,eth0\n"])).toEqual([
    ["unknown", "leaf-0 port 63 leads to storage-1, which is not in the fabric", [578]],
  ]);
  const withoutLeaf = LINES.filter((line) => !/(^|,)leaf-3,/.test(line));
  expect(faults(withoutLeaf)).toEqual([["silent", "leaf-3 is in no row: 40 cables were not seen", []]]);
  const moved = LINES.map((line) => (line === row ? "leaf-2,60,gpu-42,0\n" : line));
  expect(faults(moved).map(([kind]) => kind)).toEqual(["moved"]);
});

test("the report for people", () => {
  const report = check(LINES.filter((line) => line !== rowOf("leaf-2,5,")));
  expect(formatCabling(report, { file: "c.csv", name: "rails" })).toBe(
    [
      "c.csv against rails: 319 of 320 cables found in their places",
      "  missing  leaf-2 port 5 - gpu-42 port 0",
      "No GPU is on a wrong rail.",
      "1 fault.",
      "",
    ].join("\n"),
  );
});

test("what is no list of neighbours is refused with file and line", () => {
  const refused = (text: string) => {
    expect(() => readNeighbours(text, "c.csv")).toThrow(CablingError);
    try {
      readNeighbours(text, "c.csv");
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(refused("")).toBe("c.csv: there are no rows; write lines of switch,port,neighbour,port");
  expect(refused("leaf-0,1,gpu-0\n")).toBe("c.csv:1: 3 fields; write switch,port,neighbour,port");
  expect(refused('leaf-0,1,gpu-0,0\nleaf-0,"1,gpu-0,0\n')).toMatch(/^c\.csv:2: not CSV/);
  expect(refused(`leaf-0,1,${"x".repeat(300)},0\n`)).toBe("c.csv:1: field 3 is longer than 200 characters");
});

test("mutated files end in a report or in one clear error", () => {
  const text = LINES.slice(0, 60).join("");
  const mutation = fc.record({ at: fc.nat(text.length), cut: fc.nat(40), put: fc.string({ maxLength: 20 }) });
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 5 }), (mutations) => {
      const mutated = mutations.reduce((all, { at, cut, put }) => all.slice(0, at) + put + all.slice(at + cut), text);
      try {
        const report = checkCabling(readNeighbours(mutated, "c.csv"), RAILS);
        expect(report.rightCables).toBeLessThanOrEqual(report.intendedCables);
      } catch (error) {
        expect(error).toBeInstanceOf(CablingError);
      }
    }),
  );
});

test("a file of another fabric takes no long time", () => {
  const other = [...writeCabling(intendedCabling(fabricOf({ kind: "fat-tree", gpus: 1024, radix: 32 }).plan))];
  const shuffled = other.map((line) => line.replace(/gpu-(\d+)/, (_, gpu: string) => `gpu-${(+gpu * 7) % 1024}`));
  const intended = intendedCabling(fabricOf({ kind: "rail-optimized", gpus: 1024, radix: 64 }).plan);
  expect(check(shuffled, intended).faults.length).toBeGreaterThan(1000);
});
