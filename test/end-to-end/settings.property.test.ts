import fc from "fast-check";
import { expect, it } from "vitest";
import type { ResultDocument } from "../../src/answer/result/document.js";
import { loadLibrary } from "../../src/cli/support/library.js";
import { ALGORITHM_NAMES, COLLECTIVE_NAMES, COLLECTIVES } from "../../src/plan/collectives.js";
import { ROUTING_POLICIES } from "../../src/plan/policies/routing.js";
import { PROTOCOLS } from "../../src/plan/protocols.js";
import { heddle } from "../cli/fake-environment.js";

const BASE = `
version: 1
topology: { kind: leaf-spine, gpus: 16, radix: 16 }
workload: { kind: collective, size: 64KiB }
timeLimit: 2ms
`;

/** Values that a user might try, sensible and not. */
const SETTINGS: Record<string, readonly string[]> = {
  "topology.kind": ["leaf-spine", "fat-tree", "rail-optimized", "rail-only", "dragonfly", "multi-datacenter"],
  "topology.planes": ["1", "2", "4", "9"],
  "topology.dualHomed": ["true", "false"],
  "topology.nvSwitches": ["1", "2", "18"],
  "topology.gpusPerLeaf": ["1", "4", "6"],
  "topology.leavesPerPod": ["2", "3"],
  "topology.coreOversubscription": ["0.5", "7"],
  "topology.gpus": ["1", "2", "8", "12", "15", "16", "24", "64", "100000"],
  "topology.gpusPerNode": ["1", "2", "3", "4", "8", "16"],
  "topology.radix": ["2", "4", "7", "8", "16", "64"],
  "topology.tiers": ["1", "2", "3", "4"],
  "topology.oversubscription": ["0.5", "1", "2", "3", "7"],
  "links.access": ["{ rate: 100Gbps }", "{ rate: 400Gbps, length: 0m, fecLatency: 0ns }", "{ rate: 33Mbps }"],
  "links.fabric": ["{ rate: 800Gbps }", "{ rate: 400Gbps, length: 20km }", "{ ber: 1e-3 }"],
  "links.scaleUp": ["{ rate: 450GBps, latency: 0ns }", "{ cell: 120KiB }", "{ cell: 1B }"],
  "switch.latency": ["0ns", "1us", "-1ns"],
  "switch.buffer": ["1KiB", "256KiB", "64MiB"],
  "nic.latency": ["0ns", "5us"],
  "routing.policy": [...ROUTING_POLICIES, "minimal"],
  "routing.quantum": ["1B", "64B", "1MiB"],
  "routing.gap": ["1ps", "1us", "0ns"],
  "flowControl.kind": ["pfc", "none", "credit"],
  "flowControl.threshold": [
    "{ kind: static, xoff: 0B }",
    "{ kind: static, xoff: 20KiB }",
    "{ kind: dynamic, alphaShift: 8 }",
  ],
  "flowControl.headroom": ["0B", "auto", "ns3", "1GB"],
  "flowControl.resumeOffset": ["0B", "1MB"],
  "flowControl.release": ["start", "end"],
  "flowControl.buffer": ["auto", "1B", "5KB", "64KiB", "1MB"],
  "flowControl.updateEvery": ["auto", "0B", "100KB"],
  "flowControl.block": ["1B", "4KiB"],
  "flowControl.quanta": ["off", "100", "65535", "0"],
  "flowControl.watchdog": [
    "off",
    "{ detect: 5us, restore: 20us }",
    "{ detect: 1us, restore: 1us, action: forward }",
    "on",
  ],
  "flowControl.refresh": ["off", "0.5", "1.5", "0"],
  "flowControl.queueTime": ["unlimited", "1ps", "20us"],
  "flowControl.queueSize": ["unlimited", "1B", "64KiB"],
  "flowControl.dropVictim": ["fair", "arriving"],
  ecn: ["{ kmin: 0B, kmax: 0B, pmax: 1 }", "{ kmin: 10KB, kmax: 100KB, pmax: 0.2 }", "{ kmin: 9KB, kmax: 1KB }"],
  classes: [
    "[{ name: a }, { name: b }]",
    "[{ name: a, priority: 1 }, { name: b, weight: 3 }, { name: c }]",
    "[{ name: a }]",
    "[]",
  ],
  "workload.class": ["a", "b"],
  "transport.recovery": ["go-back-n", "selective"],
  "transport.mtu": ["1B", "256B", "4096B", "200000B"],
  "transport.window": ["1B", "4KiB", "4MiB", "unlimited", "1TB"],
  "transport.ackEvery": ["1", "3", "0"],
  "transport.ackMarked": ["true", "false"],
  "transport.qpsPerConnection": ["1", "4", "64"],
  "transport.congestionControl": [
    "{ kind: hpcc }",
    "{ kind: hpcc, baseRtt: 1us, maxStage: 0 }",
    "{ kind: rccc }",
    "{ kind: rccc, speculative: 0, underWay: 0.01 }",
  ],
  "transport.rto": [
    "1ns",
    "10us",
    "67ms",
    "{ kind: adaptive }",
    "{ kind: adaptive, first: 1ns, most: 1000s }",
    "{ kind: adaptive, first: 10us, most: 10us }",
    "{ kind: adaptive, first: 1ms, most: 1us }",
    "{ kind: adaptive, first: 0ns }",
  ],
  "transport.retryLimit": ["0", "7"],
  "workload.collective": COLLECTIVE_NAMES,
  "workload.algorithm": [...ALGORITHM_NAMES, "auto", "rings"],
  "workload.protocol": [...PROTOCOLS, "none", "ll256"],
  "workload.size": ["1B", "100B", "64KiB", "1MiB", "900TB"],
  "workload.sizes": ['"0,1\\n2,0"', '"0,x\\n2,0"', "nowhere.csv"],
  "workload.root": ["0", "15", "gpu-3", "99"],
  "workload.repeat": ["1", "3", "0"],
  "workload.chunk": ["auto", "1B", "4KiB", "1TB"],
  "workload.ranks": ["[3, 1, 2]", "[[0, 1], [2, 3]]", "[[0, 1, 2], [8, 9]]", "[0]", "[0, 0]", "[99]"],
  "workload.channels": ["1", "3", "8"],
  reduction: [
    "{ packets: 2 }",
    "{ packets: 64, latency: 0ns }",
    "{ scaleUpPackets: 1, scaleUpLatency: 1us }",
    "{ packets: 0 }",
  ],
  "nic.messageOverhead": ["0ns", "500ns", "-1ns"],
  "workload.background": [
    "{ pattern: permutation, size: 64KiB }",
    "{ pattern: hotspot, size: 1KiB, target: 3, start: 5us }",
    "{ pattern: ring-boundary, size: 1KiB, group: 4, width: 5 }",
    "{ flows: [{ src: 0, dst: 7, size: 1MiB }] }",
    "{ pattern: incast, size: 64KiB, class: b }",
  ],
  "workload.reductionDelay": ["0ns", "1us"],
  preset: ["ns3", "lossy", "multipath", "800g", "[400g, lossy]", "infiniband"],
  timeLimit: ["0ns", "1ns", "50us"],
  faults: [
    "[{ kind: degraded-link, from: gpu-0, to: leaf-0, ber: 0.5 }]",
    "[{ kind: degraded-link, from: gpu-0, to: leaf-9, ber: 1e-3 }]",
    "[{ kind: degraded-link, from: gpu-0, to: leaf-0, rate: 1Mbps }]",
    "[{ kind: degraded-link, from: gpu-0, to: leaf-0, index: 7, ber: 1e-3 }, { kind: link-down, from: leaf-0, to: spine-99, start: 0ns }]",
    "[{ kind: degraded-link, from: leaf-0, to: spine-0, rate: 100000003bps }]",
    "[{ kind: nic-stall, host: gpu-1, start: 1us, until: 40us }]",
    "[{ kind: nic-stall, host: gpu-1 }]",
    "[{ kind: nic-stall, host: leaf-0 }]",
    "[{ kind: link-flap, from: gpu-0, to: leaf-0, up: 1us, down: 2us, count: 5 }]",
    "[{ kind: link-flap, from: leaf-0, to: spine-0, perHour: 1e9, down: 1us, until: 50us }]",
    "[{ kind: degraded-link, from: gpu-0, to: leaf-0, rate: 50Gbps, ber: 1e-3, at: 3us, until: 9us }]",
    "[{ kind: optic-drift, from: gpu-0, to: leaf-0, temperature: [[0s, 30C], [20us, 80C]], contamination: 1dB }]",
    "[{ kind: mtu-mismatch, from: gpu-0, to: leaf-0, mtu: 1500B, at: 1us, until: 10us }]",
    "[{ kind: switch-down, switch: leaf-0, at: 5us, until: 8us }]",
    "[{ kind: pfc-off, switch: leaf-0 }, { kind: ecn-off, switch: leaf-0, at: 2us }]",
    "[{ kind: wrong-headroom, switch: leaf-0, headroom: 1KiB }]",
    "[{ kind: nic-slow, host: gpu-1, rate: 25Gbps, at: 2us }, { kind: straggler, host: gpu-1, factor: 3 }]",
  ],
};

const valuesOf = (key: string) => fc.constantFrom(...SETTINGS[key]!).map((value) => `${key}=${value}`);

const anySettings = fc
  .uniqueArray(fc.constantFrom(...Object.keys(SETTINGS)), { maxLength: 7 })
  .chain((keys) => fc.tuple(...keys.map(valuesOf)));

/** Drawn one by one, most pairs of a collective and an algorithm would not go together. */
const fitting = fc
  .constantFrom(...COLLECTIVE_NAMES)
  .chain((collective) =>
    fc.tuple(
      fc.constant(`workload.collective=${collective}`),
      fc.constantFrom(...COLLECTIVES[collective].algorithms, "auto").map((name) => `workload.algorithm=${name}`),
      fc.constantFrom(
        COLLECTIVES[collective].hasSize ? ["workload.size=64KiB"] : [],
        ["topology.gpus=4", "topology.gpusPerNode=4"],
        ["topology.kind=rail-optimized", "topology.gpusPerNode=4"],
      ),
      fc.constantFrom([], ["flowControl.kind=credit"], ["routing.policy=spray", "transport.recovery=selective"]),
    ),
  )
  .map(([collective, algorithm, shape, more]) => [collective, algorithm, ...shape, ...more]);

/** Other kinds of work in place of the collective. */
const OTHERS = [
  "workload={ kind: flows, pattern: permutation, size: 64KiB }",
  "workload={ kind: flows, pattern: poisson, load: 0.3, duration: 20us, distribution: rpc }",
  "workload={ kind: flows, flows: [{ name: a, src: 0, dst: 1, size: 4KiB }, { src: 1, dst: 0, size: 1MiB, after: [a] }] }",
  "workload={ kind: program, communicators: [{ name: x, size: 64KiB }], roles: [{ name: r, streams: [{ do: [{ compute: 1us }, { collective: x }] }] }] }",
  "jobs=[{ ranks: 8, start: 3us, workload: { kind: program, communicators: [{ name: x, size: 64KiB }], roles: [{ name: r, streams: [{ do: [{ collective: x }] }] }] } }, { workload: { kind: collective, size: 64KiB } }]",
  "workload={ kind: program, communicators: [{ name: x, algorithm: nvls, size: 64KiB }], roles: [{ name: r, streams: [{ do: [{ collective: x }] }] }] }",
  "jobs=[{ ranks: 8, workload: { kind: training-step, model: { layers: 2, hidden: 64, heads: 4 }, sequence: 64, batch: { global: 8 }, parallel: { tp: 2 } } }, { background: true, ranks: 4, placement: random, workload: { kind: program, communicators: [{ name: x, size: 64KiB }], roles: [{ name: r, streams: [{ do: [{ collective: x }] }] }] } }]",
];

const settings = fc.oneof(
  { weight: 5, arbitrary: anySettings },
  { weight: 3, arbitrary: fitting },
  { weight: 1, arbitrary: fc.constantFrom(...OTHERS).map((work) => [work]) },
);

it("any combination of settings is run or refused with a message, and validate says the same before: no trap, no hang, no stack trace", async () => {
  const library = await loadLibrary();
  const codes = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(settings, async (sets) => {
      const stdin = sets[0]?.startsWith("jobs=") === true ? BASE.replace(/^workload.*\n/m, "") : BASE;
      const settings = sets.flatMap((set) => ["--set", set]);
      const args = ["run", "-", "--json", "--quiet", ...settings];
      const { stdout, stderr, code } = await heddle(args, { stdin, library });
      const validated = await heddle(["validate", "-", "--quiet", ...settings], { stdin, library });
      const isWithoutPolicy = stderr.includes("custom routing needs its policy");
      if (!isWithoutPolicy) expect(validated.stderr).toBe(code === 2 ? stderr : "");
      expect(validated.code).toBe(code === 2 ? 2 : 0);
      codes.set(code, (codes.get(code) ?? 0) + 1);
      expect([0, 2, 3], stderr).toContain(code);
      expect(stderr).not.toMatch(/\n\s+at /);
      if (code === 2) {
        expect(stdout).toBe("");
        expect(stderr.length).toBeGreaterThan(20);
        return;
      }
      const document = JSON.parse(stdout) as ResultDocument;
      if (code === 0) {
        expect(document.status).toBe("finished");
        expect(document.jctNs!).toBeGreaterThanOrEqual(document.idealJctNs);
        const shares = document.explanation.map(({ shareOfJct }) => shareOfJct);
        // Programs may have none.
        const mayHaveNone = ["program", "jobs"].includes(document.workload.kind);
        if (!mayHaveNone) expect(shares.length).toBeGreaterThan(0);
        if (shares.length > 0) expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
      } else {
        expect(document.diagnosis?.text.length).toBeGreaterThan(20);
      }
    }),
    { numRuns: Number(process.env.HEDDLE_RUNS ?? 150) },
  );
  // A generator that is always refused proves nothing.
  expect(codes.get(0)).toBeGreaterThan(10);
  expect(codes.get(2)).toBeGreaterThan(10);
}, 300_000);
