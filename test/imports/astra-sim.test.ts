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
    workload: { kind: "collective", algorithm: "hierarchical-ring" },
  });
  expect(notes[0]).toBe(
    "keys that are not read: scheduling-policy, endpoint-delay, active-chunks-per-dimension, preferred-dataset-splits, " +
      "all-gather-implementation, collective-optimization and local-mem-bw",
  );
  // ASTRA-sim's law of a message over a switch, 2α + m/B, and a packet's time on the second link.
  const law = (packets: number, gibps: number, latencyNs: number) =>
    2 * latencyNs + ((packets + 1) * 4096 * 1e9) / (gibps * 2 ** 30);
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
  expect(await fault((text) => text.replace("Switch, Switch", "Ring, Switch"))).toBe(
    'network.yml:2:11: topology[0] is "Ring"; only Switch is read: NPUs are linked to switches here',
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
  expect(await system('{ "all-reduce-implementation": ["ring", "direct"] }')).toMatch(
    /^system\.json: all-reduce-implementation is/,
  );
  expect(await system("{")).toMatch(/^system\.json:1:\d+: not JSON/);
  expect(await faultOf("astra-sim", { "system.json": "{}" })).toBe(
    "system.json: name the network file, too: network.yml",
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
