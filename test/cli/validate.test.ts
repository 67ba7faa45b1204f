import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { heddle } from "./fake-environment.js";

const REPORTS = new URL("../data/reports/", import.meta.url);
const report = (name: string) => readFileSync(new URL(name, REPORTS), "utf8");

const both = async (stdin: string) => {
  const validated = await heddle(["validate", "-"], { stdin });
  const ran = await heddle(["run", "-", "--quiet"], { stdin });
  expect(ran.code).toBe(validated.code);
  if (validated.code === 2) expect(ran.stderr).toBe(validated.stderr);
  return validated;
};

const pair = (more: string, topology = "kind: leaf-spine, gpus: 8, gpusPerNode: 1, radix: 8") =>
  `topology: { ${topology} }\nworkload: { kind: flows, flows: [{ src: 0, dst: 7, size: 1KiB }] }\n${more}\n`;

it.each([
  [
    "headroom of long links",
    report("validate-headroom.yaml"),
    "<stdin>:3:43: links.access.length: headroom and reserve of the 4 ports of leaf-0 take 199384168B together",
  ],
  [
    "a device that is not there",
    report("validate-no-such-device.yaml"),
    '<stdin>:4:51: faults[0].to: there is no device "leaf-9"; there are leaf-0 to leaf-1',
  ],
  [
    "an index beyond the parallel links",
    pair("faults:\n  - { kind: link-down, from: leaf-0, to: spine-0, index: 9, start: 0ns }"),
    "<stdin>:4:58: faults[0].index: there are 4 links between leaf-0 and spine-0; write an index from 0 to 3, not 9",
  ],
  [
    "a switch that is to stall",
    pair("faults: [{ kind: nic-stall, host: leaf-0 }]"),
    "<stdin>:3:35: faults[0].host: leaf-0 is a switch, and has no NIC",
  ],
  [
    "a rate that is left and takes too long",
    pair("faults: [{ kind: degraded-link, from: gpu-0, to: leaf-0, rate: 1Mbps }]"),
    "<stdin>:3:9: faults: the serialization of a link's largest packet and the latency of the devices at its ends",
  ],
  [
    "more packets than a queue pair numbers",
    "topology: { kind: leaf-spine, gpus: 8, radix: 8, scaleUp: false }\nworkload: { kind: flows, flows: [{ src: 0, dst: 7, size: 900TB }] }\n",
    "<stdin>:2:58: workload.flows[0].size: flow 0 has 219726562500 packets",
  ],
  [
    "buffers of links on credit",
    pair("flowControl: { kind: credit, buffer: 50MB }"),
    "<stdin>:3:38: flowControl.buffer: the receive buffers of the",
  ],
  [
    "a buffer of a switch of a listed fabric",
    `topology:
  kind: custom
  hosts: [a, b]
  switches: [{ name: s, buffer: 4KiB }]
  links: [{ a: a, b: s }, { a: b, b: s }]
workload: { kind: flows, flows: [{ src: a, dst: b, size: 1KiB }] }
`,
    "<stdin>:4:33: topology.switches[0].buffer: headroom and reserve of the 2 ports of s take",
  ],
])("validate tells what run refuses, and where: %s", async (_, text, message) => {
  const { code, stderr } = await both(text);
  expect(stderr.slice(0, message.length)).toBe(message);
  expect(stderr).toMatch(/\nheddle: 1 fault in the scenario\n$/);
  expect(code).toBe(2);
});

it("faults that do not depend on each other are told together", async () => {
  const { stderr } = await both(
    pair(`faults:
  - { kind: degraded-link, from: gpu-0, to: leaf-9, rate: 100Gbps }
  - { kind: link-down, from: leaf-0, to: spine-0, start: 0ns }
  - { kind: nic-stall, host: gpu-99 }`),
  );
  expect(stderr.split("\n")).toEqual([
    '<stdin>:4:45: faults[0].to: there is no device "leaf-9"; there are leaf-0 to leaf-1',
    '<stdin>:6:30: faults[2].host: there is no device "gpu-99"; there are gpu-0 to gpu-7',
    "heddle: 2 faults in the scenario",
    "",
  ]);
});

it("an override is named where it is to blame", async () => {
  const { stderr } = await heddle(["validate", "-", "--set", "switch.buffer=300KB"], { stdin: pair("") });
  expect(stderr).toMatch(/^--set switch.buffer=300KB: switch.buffer: headroom and reserve of/);
});
