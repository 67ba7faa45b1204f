import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { fabricWriter } from "../../src/study/fabric-files/export.js";
import { fabricOf } from "../topology/support-fabric.js";
import { importFolder, mutate } from "./folder.js";

const { read, faultOf } = importFolder();
const sample = (name: string) => readFileSync(new URL(`../data/fabrics/${name}`, import.meta.url), "utf8");
const SAMPLES = [
  ["dot", "dumbbell.dot"],
  ["networkx", "dumbbell.json"],
  ["graphml", "dumbbell.graphml"],
] as const;

test.each(SAMPLES)("%s: a fabric, and the time of one message over its waist", async (format, name) => {
  const { sections, ranks, notes } = await read(format, { [name]: sample(name) });
  expect(ranks).toBe(4);
  const topology = sections!.topology as { hosts: string[]; links: object[] };
  expect(topology.hosts).toEqual(["h0", "h1", "h2", "h3"]);
  expect(topology.links).toHaveLength(5);
  expect(topology.links[4]).toMatchObject({ a: "left", b: "right", rate: "100Gbps", count: 2 });
  expect(notes.at(-1)).toBe("the workload is an all-reduce of 64 MiB; write your own");
  const { scenario } = parseScenario({
    version: 1,
    topology,
    workload: { kind: "flows", flows: [{ src: 0, dst: 2, size: "4096B" }] },
    nic: { latency: "700ns" },
  } as never);
  const { jctNs } = await simulate(scenario);
  // 4,178 bytes at 400 Gb/s twice and at 100 Gb/s once, three links of 500 ns, two switches, NICs.
  expect(jctNs).toBeCloseTo(2 * 83.56 + 334.24 + 3 * 500 + 2 * 600 + 2 * 700, 9);
});

test("attributes without a counterpart are told of", async () => {
  const { notes } = await read("dot", { "a.dot": sample("dumbbell.dot") });
  expect(notes[0]).toBe("attributes that are not read: color");
});

test.each(["graphml", "dot", "json"])("what topo writes as %s is read as the same fabric", async (ending) => {
  const built = fabricOf({ kind: "leaf-spine", gpus: 12, gpusPerNode: 1, radix: 8 });
  const text = [...fabricWriter(`a.${ending}`)!(built)].join("");
  const { sections } = await read(ending === "json" ? "networkx" : ending, { [`a.${ending}`]: text });
  const again = fabricOf(sections!.topology as Record<string, unknown>);
  const { fabric } = built.plan;
  expect(again.plan.fabric.rankCount).toBe(12);
  expect(again.plan.fabric.switches.map(({ name, latencyPs, bufferBytes }) => [name, latencyPs, bufferBytes])).toEqual(
    fabric.switches.map(({ name, latencyPs, bufferBytes }) => [name, latencyPs, bufferBytes]),
  );
  const flights = ({ peerPort, portClass, linkClasses }: typeof fabric) =>
    Array.from(peerPort, (_, port) => {
      const { rateBps, propagationPs, fecPs } = linkClasses[portClass[port]!]!;
      return `${rateBps} ${propagationPs + fecPs}`;
    }).sort();
  expect(flights(again.plan.fabric)).toEqual(flights(fabric));
});

test("faults are told with file and place", async () => {
  const dot = (text: string) => faultOf("dot", { "f.dot": text });
  expect(await dot("graph {\n a -> b\n}")).toBe('f.dot:2:4: "->" stands where -- is expected');
  expect(await dot("graph {\n a -- b")).toBe("f.dot:2:8: the end of the file stands where } is expected");
  expect(await dot('graph { a -- "b }')).toBe("f.dot:1:14: a quote that is not closed");
  expect(await dot("graph { a -- b }")).toBe("f.dot: a fabric needs a switch; give nodes a kind: gpu or switch");
  expect(await dot("graph { a -- s [rate=400]; b -- s }")).toBe(
    'f.dot:1:9: link "a" - "s": rate: 400 has no unit; call it rateGbps, or write a unit',
  );
  expect(await dot("graph { a [kind=gpu]; b [kind=gpu]; s [kind=switch]; a -- s -- b -- a }")).toBe(
    "f.dot:1:54: a link between two hosts; link each to a switch",
  );
  expect(await dot("graph { a [kind=gpu]; b [kind=gpu]; s [kind=switch]; a -- s -- b; c -- s }")).toMatch(
    /^f\.dot:1:67: node "c" has no kind, as others have/,
  );
  expect(await dot(`graph { ${"{".repeat(100)} a ${"}".repeat(100)} }`)).toMatch(/subgraphs lie more than 64 deep/);
  const xml = (text: string) => faultOf("graphml", { "f.graphml": text });
  expect(await xml("<graphml><graph>\n<node id='a'/>\n<node/></graph></graphml>")).toBe(
    "f.graphml:3:1: <node>: the attribute id is missing",
  );
  expect(await xml("<graphml><graph>\n<node id='a'>")).toMatch(
    /^f\.graphml:2:\d+: not well-formed XML: unclosed tag: node/,
  );
  expect(await xml(`<graphml>${"<a>".repeat(100)}`)).toMatch(/elements more than 64 deep/);
  const bomb = '<!DOCTYPE g [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><graphml><graph id="&b;"/></graphml>';
  expect(await xml(bomb)).toMatch(/^f\.graphml:1:\d+: has a DTD; take it out/);
  const json = (value: unknown) =>
    faultOf("networkx", { "f.json": typeof value === "string" ? value : JSON.stringify(value) });
  expect(await json("{\n  nodes: [] }")).toMatch(/^f\.json:2:3: not JSON/);
  expect(await json({ nodes: [{ id: "a" }], links: [{ source: "a" }] })).toBe(
    "f.json: links[0].target: missing; write a name or number",
  );
  expect(await json({ nodes: [], adjacency: [] })).toMatch(/^f\.json: adjacency: adjacency JSON is not read/);
});

test.each(SAMPLES)("%s: mutated files are read, or refused with the file's name", async (format, name) => {
  const text = sample(name);
  const put = fc.oneof(
    fc.constantFrom("<", "{", '"', "]", "--", "\u0000", "&x;", "999999999999", "[["),
    fc.string({ maxLength: 8 }),
  );
  const mutation = fc.record({ at: fc.nat(text.length), cut: fc.nat(30), put });
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 4 }), async (mutations) => {
      const fault = await faultOf(format, { [name]: mutate(text, mutations) });
      if (fault !== "") expect(fault).toMatch(new RegExp(`^${name.replace(".", "\\.")}:`));
    }),
    { numRuns: Number(process.env.HEDDLE_RUNS ?? 150) },
  );
});

test("hostile sizes take no long time", async () => {
  const spaces = `<graphml><graph>${"\n   <desc/>".repeat(20_000)}</graph></graphml>`;
  expect(await faultOf("graphml", { "f.graphml": spaces })).toMatch(/^f\.graphml: a fabric needs/);
  const long = `graph { a [label="${'x\\"'.repeat(2_000_000)}"]; a -- s; b -- s }`;
  expect(await faultOf("dot", { "f.dot": long })).toMatch(/^f\.dot: a fabric needs|^$/);
  const many = `graph { s [kind=switch]; { ${Array.from({ length: 3000 }, (_, i) => `h${i}`).join(";")} } -- { ${Array.from({ length: 3000 }, (_, i) => `g${i}`).join(";")} } }`;
  expect(await faultOf("dot", { "f.dot": many })).toBe("f.dot:1:26: there are more than 2097152 edges");
});
