import { expect, test } from "vitest";
import { parseOverridePath } from "../../src/scenario/parse/overrides.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { CUSTOM, MINIMAL, messagesOf, parse, RAIL } from "./samples.js";

test("overrides change, add and replace", () => {
  const set = [
    "links.fabric.rate=800Gbps",
    "topology.gpus=512",
    "ecn.kmin=1KB",
    "ecn={ kmin: 100KB, kmax: 400KB, pmax: 0.2 }",
    "ecn.pmax=0.5",
    "faults[0].ber=1e-5",
    "faults[1]={ kind: degraded-link, from: a, to: b, rate: 1Gbps }",
    "name=another one",
  ];
  const { scenario } = parse(RAIL, { set });
  expect(scenario).toMatchObject({
    name: "another one",
    topology: { gpus: 512 },
    links: { fabric: { rateBps: 800e9, propagationPs: 150_000 } },
    ecn: { kminBytes: 100_000, kmaxBytes: 400_000, pmax: 0.5 },
    faults: [{ ber: 1e-5 }, { rateBps: 1e9 }],
  });
});

test("an override may name a preset, or change what one set", () => {
  const { scenario } = parse(MINIMAL, { set: ["preset=[ns3, 100g]", "transport.mtu=4096B", "faults=[]"] });
  expect(scenario.wire.headerBytes).toBe(48);
  expect(scenario.transport.mtuBytes).toBe(4096);
  expect(scenario.links.access.rateBps).toBe(100e9);
});

test("list indices may be written with dots", () => {
  const { workload } = parse(CUSTOM, { set: ["workload.flows.0.size=2MB"] }).scenario;
  expect(workload).toMatchObject({ flows: [{ bytes: 2e6 }, {}] });
});

test.each([
  ["links.fabric.rate=400", "--set links.fabric.rate=400: links.fabric.rate: 400 has no unit"],
  [
    "links.fabric.rat=400Gbps",
    '--set links.fabric.rat=400Gbps: links.fabric.rat: unknown key rat (did you mean "rate"?)',
  ],
  ["seed", "--set seed: write path=value, e.g. links.fabric.rate=400Gbps"],
  ["=1", "--set =1: write path=value"],
  ["a..b=1", "--set a..b=1: write path=value"],
  ["faults[x]=1", "--set faults[x]=1: write path=value"],
  ["faults[2].ber=0", "--set faults[2].ber=0: faults: the list has 1 entries; the index may be 0 to 1"],
  ["faults.ber=0", "--set faults.ber=0: faults: this is a list; name an entry by its index, e.g. [0]"],
  ["__proto__.x=1", '--set __proto__.x=1: the key "__proto__" is not allowed'],
  ["nic.constructor=1", '--set nic.constructor=1: nic: the key "constructor" is not allowed'],
  ["seed=[1", "--set seed=[1: not valid YAML: flow sequence"],
  ["seed=", "--set seed=: seed: empty; write one from 0 to 4294967295"],
  ["nic=", "--set nic=: nic: empty; write its keys: latency, scaleUpLatency"],
  [
    "faults[1].ber=1e-5",
    "faults[1].kind: missing; supported: degraded-link, link-down, link-flap, optic-drift, mtu-mismatch, switch-down, ecn-off, pfc-off, wrong-headroom, nic-stall, nic-slow, straggler, swapped-cables (faults has 1 entry, faults[0]; this begins another one)",
  ],
  ["faults[1].kind=link-down", "faults[1].from: missing"],
  ["topology.gpus=1001", "--set topology.gpus=1001: topology.gpus: 1001 GPUs do not make nodes of 8"],
])("--set %s is refused by name", (set, message) => {
  const shown = messagesOf(RAIL, { set: [set], file: "s.yaml" });
  expect(shown).toContain(message);
});

test("faults of the file keep their lines", () => {
  const shown = messagesOf(`${MINIMAL}seed: x\n`, { set: ["nic.latency=3"], file: "s.yaml" });
  expect(shown.split("\n").map((line) => line.slice(0, 24))).toEqual([
    "--set nic.latency=3: nic",
    's.yaml:3:7: seed: "x" is',
  ]);
});

test("an override that begins an entry of a list says so once, and may be completed by others", () => {
  const set = ["faults[1].kind=link-down", "faults[1].from=leaf-0"];
  const shown = messagesOf(RAIL, { set, file: "s.yaml" });
  expect(shown.match(/this begins another one/g)).toHaveLength(1);
  const whole = [...set, "faults[1].to=spine-0", "faults[1].at=1us"];
  expect(parse(RAIL, { set: whole }).scenario.faults).toHaveLength(2);
});

test("overrides work on data", () => {
  const value = { topology: { kind: "leaf-spine", gpus: 16 }, workload: { kind: "collective", size: "1MiB" } };
  expect(parseScenario(value, { set: ["topology.gpus=32"] }).scenario.topology).toMatchObject({ gpus: 32 });
  expect(value.topology.gpus).toBe(16);
});

test("paths", () => {
  expect(parseOverridePath("a.b[3].c")).toEqual(["a", "b", 3, "c"]);
  expect(parseOverridePath("a.3")).toEqual(["a", 3]);
  expect(parseOverridePath("")).toBeNull();
  expect(parseOverridePath("a[")).toBeNull();
  expect(parseOverridePath("a.".repeat(100))).toBeNull();
});
