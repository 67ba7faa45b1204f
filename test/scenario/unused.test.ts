import { describe, expect, it } from "vitest";
import { resolvePlan } from "../../src/resolve/resolve.js";
import { parseScenarioText } from "../../src/scenario/parse/parse.js";
import { ScenarioError } from "../../src/scenario/types/errors.js";

/** Scenarios that differ in what there is to set. */
const CONTEXTS: Record<string, string> = {
  "two tiers with pfc": `
topology: { kind: leaf-spine, gpus: 16, gpusPerNode: 2, radix: 8 }
workload: { kind: collective, size: 1MiB }`,
  "three tiers without loss control": `
preset: lossy
topology: { kind: fat-tree, gpus: 16, gpusPerNode: 1, radix: 4 }
workload: { kind: flows, pattern: permutation, size: 64KiB }`,
  "two tiers without a scale-up network, on credit": `
topology: { kind: rail-optimized, gpus: 16, gpusPerNode: 2, radix: 8, scaleUp: false }
flowControl: { kind: credit }
workload: { kind: collective, algorithm: double-binary-tree, size: 16MiB, background: { pattern: shift, size: 1KiB } }`,
  "classes and DCQCN": `
topology: { kind: leaf-spine, gpus: 16, gpusPerNode: 1, radix: 8 }
transport: { kind: roce, congestionControl: { kind: dcqcn } }
routing: { policy: flowlet }
classes: [{ name: a, priority: 1 }, { name: b }]
workload: { kind: flows, flows: [{ src: 0, dst: 9, size: 1MiB, class: a }] }`,
  "a fabric that is listed": `
topology:
  kind: custom
  hosts: [a, b]
  switches: [{ name: s, latency: 100ns, buffer: 8MiB }]
  links: [{ a: a, b: s, rate: 100Gbps, latency: 1us, ber: 0 }, { a: b, b: s, rate: 100Gbps, length: 3m, ber: 0 }]
flowControl: { kind: none, trim: true }
transport: { kind: roce, recovery: selective, congestionControl: { kind: nscc } }
workload: { kind: flows, flows: [{ src: a, dst: b, size: 1MiB }] }`,
  "a collective that only moves data, and RCCC": `
topology: { kind: rail-optimized, gpus: 16, gpusPerNode: 2, radix: 8 }
transport: { recovery: selective, congestionControl: { kind: rccc } }
workload: { kind: collective, collective: all-gather, size: 1MiB }`,
  "reduction in switches": `
topology: { kind: rail-optimized, gpus: 16, gpusPerNode: 2, radix: 8 }
workload: { kind: collective, algorithm: sharp, size: 1MiB }`,
  "one node": `
topology: { kind: leaf-spine, gpus: 4, gpusPerNode: 4, radix: 8 }
transport: { congestionControl: { kind: swift } }
workload: { kind: collective, algorithm: nvls, size: 1MiB }`,
  "an all-to-all of HPCC": `
topology: { kind: rail-optimized, gpus: 16, gpusPerNode: 2, radix: 8 }
transport: { congestionControl: { kind: hpcc } }
workload: { kind: collective, collective: all-to-all, size: 1MiB }`,
};

/** Two values for each setting. */
const SETTINGS: Record<string, readonly [string, string]> = {
  "topology.oversubscription": ["1", "3"],
  "topology.scaleUp": ["true", "false"],
  ...Object.fromEntries(
    ["access", "fabric", "core", "scaleUp"].flatMap((level) => [
      [`links.${level}.rate`, ["200Gbps", "400Gbps"]],
      [`links.${level}.latency`, ["100ns", "200ns"]],
      [`links.${level}.fecLatency`, ["100ns", "200ns"]],
      [`links.${level}.ber`, ["1e-4", "2e-4"]],
      [`links.${level}.frameLossRatio`, ["0.1", "0.2"]],
      [`links.${level}.llr`, ["true", "false"]],
      ...(level === "scaleUp" ? [] : [[`links.${level}.length`, ["5m", "7m"]]]),
    ]),
  ),
  "links.scaleUp.cell": ["1KiB", "2KiB"],
  "switch.latency": ["500ns", "700ns"],
  "switch.buffer": ["32MiB", "64MiB"],
  "switch.scaleUpLatency": ["1ns", "2ns"],
  "switch.scaleUpBuffer": ["128MiB", "256MiB"],
  "nic.latency": ["500ns", "600ns"],
  "nic.scaleUpLatency": ["1ns", "2ns"],
  "wire.header": ["50B", "60B"],
  "wire.gap": ["12B", "20B"],
  "wire.ack": ["64B", "70B"],
  "wire.pause": ["64B", "70B"],
  "wire.ackClass": ["control", "data"],
  "wire.serialization": ["round", "floor"],
  "routing.quantum": ["4KiB", "64KiB"],
  "routing.entropies": ["64", "256"],
  "routing.freeze": ["1us", "2us"],
  "routing.gap": ["1us", "2us"],
  "routing.noticeFrom": ["8KiB", "64KiB"],
  "routing.noticeInterval": ["1us", "2us"],
  "routing.stateWords": ["1", "2"],
  "routing.parameters": ["[1]", "[2]"],
  "flowControl.release": ["start", "end"],
  "flowControl.response": ["100ns", "200ns"],
  "flowControl.reserve": ["4KiB", "8KiB"],
  "flowControl.headroom": ["100KiB", "200KiB"],
  "flowControl.resumeOffset": ["4KiB", "8KiB"],
  "flowControl.quanta": ["1000", "2000"],
  "flowControl.refresh": ["0.4", "0.5"],
  "flowControl.dropAlpha": ["1", "2"],
  "flowControl.trim": ["true", "false"],
  "flowControl.trimVictim": ["arriving", "random"],
  "flowControl.buffer": ["64KiB", "128KiB"],
  "flowControl.block": ["64B", "128B"],
  "flowControl.updateEvery": ["8KiB", "16KiB"],
  "flowControl.update": ["8B", "16B"],
  ecn: ["{ kmin: 1KB, kmax: 2KB, pmax: 1 }", "{ kmin: 4KB, kmax: 8KB, pmax: 1 }"],
  "transport.mtu": ["1024B", "4096B"],
  "transport.window": ["1MiB", "2MiB"],
  "transport.ackEvery": ["1", "2"],
  "transport.qpsPerConnection": ["1", "2"],
  "transport.rto": ["1ms", "2ms"],
  "transport.retryLimit": ["3", "4"],
  "transport.reorder": ["32", "64"],
  "transport.lostResends": ["timeout", "detect"],
  "workload.class": ["a", "b"],
  "workload.chunk": ["1KiB", "2KiB"],
  "workload.channels": ["1", "2"],
  "workload.reductionDelay": ["1ns", "2ns"],
  "workload.seed": ["5", "6"],
  "workload.by": ["1", "2"],
  "workload.target": ["1", "2"],
  "workload.senders": ["1", "2"],
  "workload.fanOut": ["1", "2"],
  "workload.group": ["3", "4"],
  "workload.width": ["1", "2"],
  "workload.start": ["1us", "2us"],
  "workload.background.class": ["a", "b"],
  "workload.background.start": ["1us", "2us"],
  "workload.background.by": ["1", "2"],
  "workload.protocol": ["ll", "simple"],
  "workload.root": ["1", "2"],
  "workload.repeat": ["2", "3"],
  "workload.load": ["0.1", "0.2"],
  "workload.duration": ["10us", "20us"],
  "workload.background.seed": ["5", "6"],
  "workload.background.target": ["1", "2"],
  "topology.spines": ["2", "3"],
  "topology.tiers": ["2", "3"],
  "switch.switching": ["store-and-forward", "cut-through"],
  "links.access.innerCodeLatency": ["100ns", "200ns"],
  "links.fabric.innerCodeLatency": ["100ns", "200ns"],
  "nic.messageOverhead": ["100ns", "200ns"],
  "flowControl.threshold": ["{ kind: static, xoff: 40KiB }", "{ kind: static, xoff: 80KiB }"],
  "flowControl.watchdog": ["{ detect: 5us, restore: 20us }", "{ detect: 6us, restore: 20us }"],
  "flowControl.queueTime": ["20us", "30us"],
  "flowControl.queueSize": ["64KiB", "128KiB"],
  "flowControl.dropVictim": ["fair", "arriving"],
  "transport.ackMarked": ["true", "false"],
  ...Object.fromEntries(
    Object.entries({
      cnpInterval: ["20us", "30us"],
      cnpDelay: ["1us", "2us"],
      gain: ["0.1", "0.2"],
      initialAlpha: ["0.5", "0.6"],
      byteCounter: ["1MB", "2MB"],
      clampTarget: ["true", "false"],
      baseRtt: ["10us", "20us"],
      target: ["10us", "20us"],
      beta: ["0.5", "0.6"],
      utilisation: ["0.9", "0.8"],
      maxStage: ["2", "3"],
      speculative: ["0.5", "0.6"],
      pull: ["2", "3"],
    } satisfies Record<string, [string, string]>).map(([key, values]) => [
      `transport.congestionControl.${key}`,
      values as [string, string],
    ]),
  ),
  "reduction.packets": ["100", "200"],
  "reduction.latency": ["100ns", "200ns"],
  "reduction.scaleUpPackets": ["100", "200"],
  "reduction.scaleUpLatency": ["100ns", "200ns"],
  "gpu.flops": ["1e14", "2e14"],
  "gpu.kernel": ["1us", "2us"],
  placement: ["packed", "random"],
  timeLimit: ["1ms", "2ms"],
};

const plain = (_: string, value: unknown) => {
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>);
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
};

/** What a setting leads to: a warning or refusal that names it, or a plan. */
function outcome(text: string, path: string, value: string): { told: boolean; plan: string } {
  try {
    const { scenario, warnings } = parseScenarioText(text, { set: [`${path}=${value}`] });
    const told = warnings.some(({ message, path: at }) => message.startsWith("has no effect") && path.startsWith(at));
    const { plan } = resolvePlan(scenario);
    return { told, plan: JSON.stringify(plan, plain) };
  } catch (error) {
    if (!(error instanceof ScenarioError) && (error as Error).name !== "PlanError") throw error;
    return { told: true, plan: "" };
  }
}

describe.each(Object.entries(CONTEXTS))("in %s", (_, text) => {
  it("all is well as it stands", () => {
    expect(() => resolvePlan(parseScenarioText(text).scenario)).not.toThrow();
  });

  it.each(Object.entries(SETTINGS))("%s changes the plan, or is told to do nothing", (path, [one, other]) => {
    const [first, second] = [outcome(text, path, one), outcome(text, path, other)];
    if (!first.told && !second.told) expect(first.plan).not.toBe(second.plan);
  });
});

const warningsOf = (text: string, ...set: string[]) =>
  parseScenarioText(text, { set }).warnings.map(({ path, message }) => `${path}: ${message}`);

const [TWO_TIERS, LOSSY, CREDIT, CLASSES, LISTED] = Object.values(CONTEXTS) as [string, string, string, string, string];

it.each([
  [TWO_TIERS, "links.core.rate=100Gbps", "links.core: has no effect: a fabric of two tiers has no core level"],
  [LOSSY, "wire.pause=70B", "wire.pause: has no effect: without PFC"],
  [CREDIT, "wire.pause=70B", "wire.pause: has no effect: without PFC"],
  [CLASSES, "workload.class=b", "workload.class: has no effect: every flow has a class of its own"],
  [CLASSES, "classes[0].weight=3", "classes[0].weight: has no effect: no other class has this priority"],
  [LISTED, "switch.latency=1us", "switch.latency: has no effect: every switch has a latency of its own"],
  [LISTED, "topology.links[0].length=5m", "topology.links[0].length: has no effect: the latency beside it goes first"],
  [LISTED, "links.fabric.rate=100Gbps", "links.fabric: has no effect: there is no link between two switches"],
  [LISTED, "links.access.length=1m", "links.access.length: has no effect: every link of this level has a latency"],
  [TWO_TIERS, "links.access.llr=true", "links.access.llr: has no effect: the link loses nothing"],
])("is told: %#", (text, set, warning) => {
  expect(warningsOf(text).filter((line) => line.includes("has no effect"))).toEqual([]);
  expect(warningsOf(text, set).some((line) => line.startsWith(warning))).toBe(true);
});

it("a length beside a latency is told, but not where a preset has the latency", () => {
  const both = ["links.fabric.latency=1us", "links.fabric.length=5m"];
  expect(warningsOf(TWO_TIERS, ...both)).toEqual([
    "links.fabric.length: has no effect: the latency beside it goes first; leave one of them out",
  ]);
  expect(warningsOf(TWO_TIERS, "links.fabric.length=5m")).toEqual([]);
});

it("pauses of scale-up switches make a pause frame's size count without PFC", () => {
  const scaleUp = LOSSY.replace("gpusPerNode: 1", "gpusPerNode: 2");
  expect(warningsOf(scaleUp, "wire.pause=70B").filter((line) => line.includes("wire.pause"))).toEqual([]);
});
