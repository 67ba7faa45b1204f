/** Valid scenarios of every form, as users write them. */

import { type ParsedScenario, type ParseOptions, parseScenarioText } from "../../src/scenario/parse/parse.js";
import { ScenarioError } from "../../src/scenario/types/errors.js";
import type { ScenarioIssue } from "../../src/util/issue.js";

export const RAIL = `\
version: 1
name: rail-1k-adaptive
seed: 1
topology:
  kind: rail-optimized
  gpus: 1024
  gpusPerNode: 8
  radix: 64
  tiers: 2
  oversubscription: 1
links:
  scaleUp: { rate: 450GBps, latency: 300ns }
  access:  { rate: 400Gbps, length: 3m, optic: dac }
  fabric:  { rate: 400Gbps, length: 30m, optic: dr4 }
switch:   { latency: 600ns, buffer: 64MiB, switching: store-and-forward }
nic:      { latency: 700ns }
routing:  { policy: adaptive }
flowControl: { kind: pfc }
transport: { kind: roce, mtu: 4096B, window: 4MiB, ackEvery: 1, qpsPerConnection: 1, recovery: selective,
             congestionControl: { kind: none } }
workload: { kind: collective, collective: all-reduce, algorithm: ring, size: 256MiB }
faults: [{ kind: degraded-link, from: leaf-0, to: spine-1, ber: 3e-4 }]
timeLimit: 10ms
`;

export const CUSTOM = `\
preset: ns3
topology:
  kind: custom
  hosts: [h0, h1, h2]
  switches: [s0, { name: s1, latency: 1us, buffer: 16MiB }]
  links:
    - { a: h0, b: s0, rate: 100Gbps, latency: 1us }
    - { a: h1, b: s0, length: 2m, fecLatency: 100ns, ber: 1e-6 }
    - { a: s0, b: s1, rate: 400Gbps, latency: 500ns, count: 2 }
    - { a: s1, b: h2 }
workload:
  kind: flows
  flows:
    - { src: h0, dst: h2, size: 1MB }
    - { src: 1, dst: 2, size: 4KiB, start: 1.5us }
`;

export const MINIMAL = `\
topology: { kind: leaf-spine, gpus: 64 }
workload: { kind: collective, size: 1MiB }
`;

export const LOSSY = `\
preset: [800g, lossy]
topology: { kind: fat-tree, gpus: 128, gpusPerNode: 1, radix: 16 }
ecn: { kmin: 800KB, kmax: 3200KB, pmax: 0.2 }
workload: { kind: flows, pattern: incast, size: 1MiB, senders: 16, target: 5, start: 2us }
`;

export const STATIC = `\
{
  "$schema": "./scenario.schema.json",
  "topology": { "kind": "fat-tree", "gpus": 16, "gpusPerNode": 2, "radix": 8, "tiers": 2, "scaleUp": false },
  "flowControl": { "threshold": { "kind": "static", "xoff": "200KiB" }, "headroom": "80KiB", "release": "start" },
  "workload": { "kind": "flows", "pattern": "permutation", "size": "1MB", "seed": 7 }
}
`;

export const SAMPLES: Readonly<Record<string, string>> = { RAIL, CUSTOM, MINIMAL, LOSSY, STATIC };

export function parse(text: string, options?: ParseOptions): ParsedScenario {
  return parseScenarioText(text, options);
}

/** The issues of a text that must be wrong. */
export function issuesOf(text: string, options?: ParseOptions): readonly ScenarioIssue[] {
  try {
    parseScenarioText(text, options);
  } catch (cause) {
    if (cause instanceof ScenarioError) return cause.issues;
    throw cause;
  }
  throw new Error("the scenario was accepted");
}

/** The messages of a text, a line each, as users see them. */
export function messagesOf(text: string, options?: ParseOptions): string {
  try {
    parseScenarioText(text, options);
  } catch (cause) {
    if (cause instanceof ScenarioError) return cause.message;
    throw cause;
  }
  throw new Error("the scenario was accepted");
}
