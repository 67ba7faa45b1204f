import { expect, test } from "vitest";
import { issuesOf, MINIMAL, messagesOf, parse } from "./samples.js";

const file = "s.yaml";

test("every fault is reported, each at its place", () => {
  const text = `\
version: 2
topolgy: { kind: fat-tree }
topology:
  kind: fat-tree
  gpus: 64.5
  radix: "64"
  gpusPernode: 4
links:
  fabric: { rate: 400, optic: dr44 }
routing: { policy: ugal }
workload:
  kind: collective
  size: 500 nanos
`;
  expect(messagesOf(text, { file })).toMatchInlineSnapshot(`
    "s.yaml:1:10: version: version 2 is not supported by this version; supported: 1
    s.yaml:2:1: topolgy: unknown key topolgy (did you mean "topology"?); known keys: preset, version, name, seed, topology, links, switch, nic, wire, routing, flowControl, classes, ecn, transport, placement, reduction, gpu, workload, jobs, faults, optics, checkpoint, availability, timeLimit
    s.yaml:5:9: topology.gpus: 64.5 is not allowed; write one from 1 to 524288
    s.yaml:6:10: topology.radix: "64" is not a whole number; write one from 2 to 1024
    s.yaml:7:3: topology.gpusPernode: unknown key gpusPernode (did you mean "gpusPerNode"?); known keys: kind, gpus, gpusPerNode, radix, oversubscription, scaleUp, nvSwitches, planes, dualHomed, tiers, gpusPerLeaf, leavesPerPod, coreOversubscription
    s.yaml:9:19: links.fabric.rate: 400 has no unit; write a number and a unit (bps, Kbps, Mbps, Gbps, Tbps, Kibps, Mibps, Gibps, Tibps, Bps, KBps, MBps, GBps, TBps, KiBps, MiBps, GiBps, TiBps), e.g. 400Gbps
    s.yaml:9:31: links.fabric.optic: "dr44" is not known (did you mean "dr4"?); supported: auto, dac, aec, aoc, sr4, sr8, dr1, dr4, dr8, fr1, fr4, fr8, 2xfr4, lr1, lr4, zr, lpo, cpo
    s.yaml:10:20: routing.policy: ugal is not supported by this version; supported: ecmp, ecmp-qp, spray, round-robin, adaptive, adaptive-remote, flowlet, pinned, oblivious, reps, bitmap, mixed, valiant, ugal-l, ugal-g, custom, minimal
    s.yaml:13:9: workload.size: "500 nanos" has no unit of a size; write a number and a unit (B, KB, MB, GB, TB, KiB, MiB, GiB, TiB), e.g. 4KiB"
  `);
});

test("a fault between fields is reported beside others", () => {
  const issues = issuesOf(`${MINIMAL.replace("gpus: 64", "gpus: 63")}seed: many\n`, { file });
  expect(issues.map(({ path, line }) => [path, line])).toEqual([
    ["topology.gpus", 1],
    ["seed", 3],
  ]);
});

test.each([
  [
    "topology: {}",
    "topology.kind: missing; supported: leaf-spine, fat-tree, rail-optimized, rail-only, dragonfly, multi-datacenter, custom",
  ],
  ["topology: 3", "topology: 3 is not a map; write its keys, e.g. { kind: leaf-spine }"],
  ["topology:", "topology: empty; write its keys, e.g. { kind: leaf-spine }"],
  ["topology: { kind: leafspine }", 'topology.kind: "leafspine" is not known (did you mean "leaf-spine"?)'],
  ["topology: { kind: leaf-spine }", "topology.gpus: missing; write one from 1 to 524288"],
  ["topology: { kind: leaf-spine, gpus: 16, tiers: 3 }", "a leaf-spine fabric has 2 tiers; for 3 write kind: fat-tree"],
  ["links:", "links: empty; write its keys: scaleUp, access, fabric, core"],
  ["ecn: { kmin: 1KB }", "ecn.kmax: missing; write a number and a unit"],
  ["ecn: on", "ecn: neither auto, off nor a map"],
  ["faults: none", "faults: not a list of faults"],
  ["faults: [{ kind: degraded-link, from: a }]", "faults[0].to: missing; write 1 to 64 printable characters"],
  ["nic: { latency: 0 }", "nic.latency: 0 has no unit"],
  ["nic: { latency: 2s }", 'nic.latency: "2s" is out of range: write at most 1ms'],
  ["links: { access: { rate: 11Tbps } }", '"11Tbps" is out of range: write 1Mbps to 10Tbps'],
  ["links: { access: { rate: 0bps } }", '"0bps" is out of range: write 1Mbps to 10Tbps'],
  ["transport: { window: lots }", '"lots" is not a size; write a number and a unit'],
  ["transport: { window: lots }", ", or unlimited"],
  ["transport: { rto: 0ns }", 'transport.rto: "0ns" is neither a time from 1ns to 1000s nor a map; write e.g. 67ms'],
  ["transport: { rto: { first: 1ms } }", "transport.rto.kind: write kind: adaptive, or a time instead of the map"],
  ["transport: { rto: { kind: adaptive, first: 0ns } }", 'transport.rto.first: "0ns" is out of range'],
  ["transport: { rto: { kind: adaptive, frist: 1ms } }", 'unknown key frist (did you mean "first"?)'],
  ["name: 12", "name: 12 is not text; write 1 to 200 printable characters, in quotes"],
  ["flowControl: { threshold: { kind: static } }", "flowControl.threshold.xoff: missing"],
  ["flowControl: { dropAlpha: 1 }", "unknown key dropAlpha"],
  ["preset: ns2", '"ns2" is not a preset (did you mean "ns3"?)'],
  ["preset: [400g, 3]", "preset[1]: this is not a preset; there are default, ns3, "],
])("%s: %s", (line, message) => {
  const key = line.slice(0, line.indexOf(":"));
  const others = MINIMAL.split("\n").filter((other) => !other.startsWith(`${key}:`));
  expect(messagesOf([line, ...others].join("\n"))).toContain(message);
});

test("faults without a file name begin with line and column", () => {
  expect(messagesOf(`${MINIMAL}nic: { latency: 1 }\n`)).toMatch(/^3:17: nic\.latency: /);
});

test("a missing section is reported at the document", () => {
  expect(messagesOf("seed: 1\n", { file })).toMatchInlineSnapshot(`
    "s.yaml:1:1: topology: missing; write its keys, e.g. { kind: leaf-spine }
    s.yaml:1:1: workload: missing; write its keys, e.g. { kind: collective }"
  `);
});

const STEP = "kind: training-step, sequence: 2048, batch: { global: 2 }";

test.each([
  ["gpu: h10", MINIMAL, 'gpu: not a GPU (did you mean "h100"?); write one of a100'],
  ["", MINIMAL.replace(/workload:.*/, `workload: { ${STEP}, model: llama-3-8 }`), '(did you mean "llama-3-8b"?)'],
  ["", MINIMAL.replace(/workload:.*/, "workload: { kind: trace, format: chakr, files: a }"), '"chakra"?); formats are'],
  ["preset: roce-dcqn", MINIMAL, '"roce-dcqn" is not a preset (did you mean "roce-dcqcn"?)'],
  ["links: { access: { optic: dr44 } }", MINIMAL, '"dr44" is not known (did you mean "dr4"?)'],
  [
    "",
    MINIMAL.replace(/workload:.*/, "workload: { kind: flows, flows: [{ src: gup-1, dst: 0, size: 1B }] }"),
    '"gpu-1"?',
  ],
])("%s: names from lists are guessed", (line, base, guess) => {
  expect(messagesOf(`${base}${line}\n`, {})).toContain(guess);
});

test.each([
  ["routing: { policy: adaptive }", ["routing.policy: adaptive reorders packets"]],
  ["routing: { policy: spray }\ntransport: { recovery: selective }", []],
  ["links: { core: { rate: 800Gbps } }", ["links.core: has no effect: a fabric of two tiers"]],
  ["routing: { quantum: 4KiB }", ["routing.quantum: has no effect"]],
  ["transport: { reorder: 3 }", ["transport.reorder: has no effect"]],
  ["ecn: { kmin: 1KB, kmax: 2KB, pmax: 0.1 }", ["ecn: has no effect: marks are counted"]],
])("%s: warnings %j", (line, expected) => {
  const { warnings } = parse(`${MINIMAL}${line}\n`);
  const texts = warnings.map((warning) => `${warning.path}: ${warning.message}`);
  expect(texts.length).toBe(expected.length);
  expected.forEach((start, i) => {
    expect(texts[i]!.startsWith(start)).toBe(true);
  });
  for (const warning of warnings) expect(warning.line).toBeGreaterThan(2);
});
