import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { importFolder, mutate } from "./folder.js";

const { read, faultOf } = importFolder();
const sample = (name: string) => readFileSync(new URL(`../data/astra-sim/${name}`, import.meta.url), "utf8");
const FILES = { "network.yml": sample("network.yml"), "system.json": sample("system.json") };

async function fctNs(dst: number, bytes: number) {
  const { sections } = await read("astra-sim", FILES);
  const workload = { kind: "flows", flows: [{ src: 0, dst, size: `${bytes}B` }] };
  const { scenario } = parseScenario({ version: 1, ...sections, workload } as never);
  return (await simulate(scenario)).flows![0]!.fctNs!;
}

test("two dimensions of switches: NPU ids, rates of 2^30 bytes, latencies twice", async () => {
  const { sections, ranks, notes } = await read("astra-sim", FILES);
  expect(ranks).toBe(32);
  expect(sections).toMatchObject({
    topology: { kind: "rail-optimized", gpus: 32, gpusPerNode: 8 },
    workload: { kind: "program" },
  });
  expect(notes[0]).toBe("keys that are not read: scheduling-policy, all-gather-implementation and local-mem-bw");
  const whole = { ...FILES, "system.json": FILES["system.json"].replace('splits": 4', 'splits": 1') };
  expect((await read("astra-sim", whole)).sections).toMatchObject({ workload: { algorithm: "hierarchical-ring" } });
  // ASTRA-sim's law of a message over a switch, 2α + m/B, its endpoint delay of 10 ns, and a
  // packet's time on the second link.
  const law = (packets: number, gibps: number, latencyNs: number) =>
    10 + 2 * latencyNs + ((packets + 1) * 4096 * 1e9) / (gibps * 2 ** 30);
  expect(await fctNs(8, 256 * 4096)).toBeCloseTo(law(256, 50, 500), 0);
  expect(await fctNs(1, 256 * 4096)).toBeCloseTo(law(256, 300, 250), 0);
});

test("one switch, and the algorithm of its dimension", async () => {
  const network = "topology: [ Switch ]\nnpus_count: [ 16 ]\nbandwidth: [ 50 ]\nlatency: [ 500 ]\n";
  const files = { "n.yml": network, "s.json": '{ "all-reduce-implementation": ["halvingDoubling"] }' };
  const { sections } = await read("astra-sim", files);
  expect(sections!.workload).toMatchObject({ algorithm: "halving-doubling" });
  const { scenario } = parseScenario({ version: 1, ...sections } as never);
  expect(scenario.links.access.rateBps).toBe(50 * 2 ** 33);
});

test("faults are told with file and place", async () => {
  const fault = (change: (text: string) => string) =>
    faultOf("astra-sim", { "network.yml": change(FILES["network.yml"]) });
  expect(await fault((text) => text.replace("Switch, Switch", "Torus, Switch"))).toBe(
    'network.yml:2:11: topology[0] is "Torus"; write Ring, FullyConnected or Switch',
  );
  expect(await fault((text) => text.replace("8, 4", "8"))).toBe(
    "network.yml:3:13: npus_count has 1 entries, and topology 2",
  );
  expect(await fault((text) => text.replace("300.0", "-1"))).toMatch(
    /^network\.yml:4:12: bandwidth\[0\] is -1; write a number/,
  );
  expect(await fault((text) => `${text}extra: 1\n`)).toMatch(/^network\.yml:\d+:\d+: the key extra is not known/);
  expect(await fault((text) => text.replace("[ 8, 4 ]", "[ 8, 4"))).toMatch(/^network\.yml:\d+:\d+: not YAML/);
  expect(await fault((text) => text.replace("[ 8, 4 ]", "&a [ 8, 4 ]").replace("[ 300.0, 50.0 ]", "*a"))).toMatch(
    /^network\.yml: not read: Alias/,
  );
  const system = (text: string) => faultOf("astra-sim", { ...FILES, "system.json": text });
  expect(await system('{ "all-reduce-implementation": ["ring", "direct4"] }')).toMatch(
    /^system\.json: all-reduce-implementation has "direct4" \(a direct one has no window here/,
  );
  expect(await system('{ "all-reduce-implementation": ["ring", "oneRing"] }')).toMatch(/so write it for all/);
  expect(await system('{ "all-reduce-implementation": ["ring", 1] }')).toMatch(
    /all-reduce-implementation is \["ring",1\]/,
  );
  expect(await system('{ "preferred-dataset-splits": 0.5 }')).toBe(
    "system.json: preferred-dataset-splits is 0.5; write a number from 1 to 65536",
  );
  expect(await system('{ "collective-optimization": "best" }')).toMatch(/write baseline or localBWAware/);
  expect(await system("{")).toMatch(/^system\.json:1:\d+: not JSON/);
  expect(await faultOf("astra-sim", { "system.json": "{}" })).toBe(
    "system.json: name the network file, too: network.yml",
  );
});

/** A system and the time that its all-reduce of 64 MiB takes here, in ns. */
async function allReduceNs(dimensions: readonly (readonly [string, number])[], settings: object) {
  const list = (value: (d: number) => unknown) => `[${dimensions.map((_, d) => value(d)).join(", ")}]`;
  const network = [
    `topology: ${list((d) => dimensions[d]![0])}`,
    `npus_count: ${list((d) => dimensions[d]![1])}`,
    `bandwidth: ${list((d) => GIBPS[d])}`,
    `latency: ${list((d) => ALPHA[d])}`,
  ].join("\n");
  const files = { "n.yml": network, "s.json": JSON.stringify(settings) };
  const { sections } = await read("astra-sim", files);
  const { scenario } = parseScenario({ version: 1, ...sections } as never);
  return (await simulate(scenario)).jctNs!;
}

const GIBPS = [100, 50, 25];
const ALPHA = [200, 500, 700];
const SIZE = 64 * 2 ** 20;

/** ASTRA-sim's f(m) of a link of a dimension, without rounding down. */
const f = (d: number, bytes: number) => ALPHA[d]! + (bytes * 1e9) / (GIBPS[d]! * 2 ** 30);
/** Data meet the ACKs of what comes the other way: less than a packet's time in each step. */
const relative = (actual: number, expected: number) => expect(Math.abs(actual / expected - 1)).toBeLessThan(3e-4);

test("dimensions without switches: the formulas of the analytical back end", async () => {
  const one = (kind: string, npus: number, name: string, more: object = {}) =>
    allReduceNs([[kind, npus]], { "all-reduce-implementation": [name], ...more });
  relative(await one("Ring", 8, "ring"), 14 * f(0, SIZE / 8));
  relative(await one("FullyConnected", 8, "direct"), 2 * f(0, SIZE / 8));
  relative(await one("FullyConnected", 8, "oneDirect"), 2 * f(0, SIZE / 8));
  const halves = [1, 2, 3].reduce((sum, i) => sum + f(0, SIZE / 2 ** i), 0);
  relative(await one("FullyConnected", 8, "halvingDoubling"), 2 * halves);
  // Parts follow one another, and each message has the delay at its receiver.
  const settings = { "preferred-dataset-splits": 4, "endpoint-delay": 1000 };
  relative(await one("Ring", 4, "ring", settings), 4 * 6 * (f(0, SIZE / 16) + 1000));
});

test("several dimensions: phases in the order of collective-optimization", async () => {
  const dimensions = [
    ["Ring", 4],
    ["FullyConnected", 2],
    ["Ring", 3],
  ] as const;
  const settings = { "all-reduce-implementation": ["ring", "direct", "ring"] };
  const baseline = 6 * f(0, SIZE / 4) + 2 * f(1, SIZE / 2) + 4 * f(2, SIZE / 3);
  relative(await allReduceNs(dimensions, settings), baseline);
  const aware = 2 * 3 * f(0, SIZE / 4) + 2 * f(1, SIZE / 8) + 4 * f(2, SIZE / 24);
  relative(await allReduceNs(dimensions, { ...settings, "collective-optimization": "localBWAware" }), aware);
});

test("what NPUs of a ring cannot do is refused", async () => {
  const ring = (names: string[], kinds = "Ring, Switch") =>
    faultOf("astra-sim", {
      "network.yml": FILES["network.yml"].replace("Switch, Switch", kinds),
      "system.json": JSON.stringify({ "all-reduce-implementation": names, "collective-optimization": "localBWAware" }),
    });
  expect(await ring(["halvingDoubling", "ring"])).toBe(
    "system.json: all-reduce-implementation[0] is halvingDoubling; NPUs of a Ring do not forward for others: write ring",
  );
  expect(await ring(["oneRing", "oneRing"])).toMatch(/NPUs here have links within a dimension only$/);
  expect(await ring(["doubleBinaryTree", "ring"], "Switch, Ring")).toMatch(/it does no reduce-scatter/);
  const mesh = "topology: [ FullyConnected ]\nnpus_count: [ 512 ]\nbandwidth: [ 1 ]\nlatency: [ 1 ]\n";
  expect(await faultOf("astra-sim", { "n.yml": mesh })).toBe(
    "n.yml: 130816 links; a scenario lists at most 32768 of such a network",
  );
});

test("mutated files are read, or refused with the file's name", async () => {
  const put = fc.oneof(
    fc.constantFrom("[", "]", ":", "- ", "&a ", "*a", "1e99", "{", "\n", "!!js "),
    fc.string({ maxLength: 6 }),
  );
  const mutation = fc.record({ at: fc.nat(400), cut: fc.nat(20), put });
  const mutations = fc.array(mutation, { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(mutations, mutations, async (one, other) => {
      const fault = await faultOf("astra-sim", {
        "network.yml": mutate(FILES["network.yml"], one),
        "system.json": mutate(FILES["system.json"], other),
      });
      if (fault !== "") expect(fault).toMatch(/^(network\.yml|system\.json):/);
    }),
    { numRuns: Number(process.env.HEDDLE_RUNS ?? 150) },
  );
});

/** Eight hosts under one switch, as HPCC writes it. */
const PHYSICAL = `9 1 8\n8\n${Array.from({ length: 8 }, (_, host) => `${host} 8 400Gbps 1000ns 0`).join("\n")}\n`;
const LOGICAL = '{ "logical-dims": ["4", "2"] }';
const RINGS = '{ "all-reduce-implementation": ["ring", "ring"], "collective-optimization": "localBWAware" }';

test("logical dimensions over the fabric of ns-3", async () => {
  const files = { "topo.txt": PHYSICAL, "logical.json": LOGICAL, "system.json": RINGS };
  const { ranks, sections, notes } = await read("astra-sim", files);
  expect([ranks, notes]).toEqual([8, ["the workload is an all-reduce of 64 MiB; write your own"]]);
  expect(sections).toMatchObject({
    preset: "ns3",
    topology: { kind: "custom", hosts: ["h0", "h1", "h2", "h3", "h4", "h5", "h6", "h7"] },
    workload: {
      kind: "program",
      communicators: [
        {
          collective: "reduce-scatter",
          size: "67108864B",
          ranks: [
            [0, 1, 2, 3],
            [4, 5, 6, 7],
          ],
        },
        {
          collective: "all-reduce",
          size: "16777216B",
          ranks: [
            [0, 4],
            [1, 5],
            [2, 6],
            [3, 7],
          ],
        },
        { collective: "all-gather", size: "67108864B" },
      ],
    },
  });
  const { scenario } = parseScenario({ version: 1, ...sections } as never);
  const { jctNs } = await simulate(scenario);
  // Each NIC sends 3/4, 1/4 and 3/4 of the buffer. Packets have 1,000 bytes and 48 of headers.
  // For each packet that comes in, it sends an ACK of 60 bytes.
  const boundNs = (1.75 * 2 ** 26 * 1.108 * 8) / 400;
  expect(jctNs! / boundNs).toBeGreaterThan(1);
  expect(jctNs! / boundNs).toBeLessThan(1.02);
});

test("over a fabric an algorithm may be over all dimensions at once", async () => {
  const one = '{ "all-reduce-implementation": ["oneRing", "oneRing", "oneRing"], "endpoint-delay": 10 }';
  const logical = '{ "logical-dims": [2, 2, 2] }';
  const { sections } = await read("astra-sim", { "t.txt": PHYSICAL, "l.json": logical, "s.json": one });
  expect(sections).toMatchObject({ workload: { kind: "collective", algorithm: "ring" }, nic: { latency: "5ns" } });
});

test.each<[string, Readonly<Record<string, string>>, RegExp]>([
  [
    "other numbers",
    { "l.json": '{ "logical-dims": ["4", "4"] }', "t.txt": PHYSICAL },
    /^l\.json: .*4 x 4 = 16 NPUs, and the topology 8 hosts/,
  ],
  ["no topology", { "l.json": LOGICAL }, /^l\.json: name the physical topology, too/],
  ["no dimensions", { "t.txt": PHYSICAL }, /^t\.txt: name the logical topology, too/],
  [
    "a word",
    { "l.json": '{ "logical-dims": ["x"] }', "t.txt": PHYSICAL },
    /logical-dims\[0\] is "x"; write a whole number/,
  ],
  ["no list", { "l.json": '{ "logical-dims": 8 }', "t.txt": PHYSICAL }, /logical-dims is 8; write a list/],
  ["another key", { "l.json": '{ "logical-dims": ["8"], "x": 1 }', "t.txt": PHYSICAL }, /the key "x" is not known/],
  [
    "a network file, too",
    { "l.json": LOGICAL, "t.txt": PHYSICAL, "network.yml": "a: 1\n" },
    /^network\.yml: is for the analytical back ends/,
  ],
  [
    "an implementation too few",
    { "l.json": LOGICAL, "t.txt": PHYSICAL, "s.json": '{ "all-reduce-implementation": ["ring"] }' },
    /each of 2 dimensions/,
  ],
])("logical dimensions are refused with %s", async (_, files, message) => {
  expect(await faultOf("astra-sim", files)).toMatch(message);
});
