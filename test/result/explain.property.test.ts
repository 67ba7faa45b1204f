import fc from "fast-check";
import { expect, test } from "vitest";
import { CAUSES } from "../../src/answer/causes/ladder.js";
import { windowBoundPs } from "../../src/answer/causes/window.js";
import { viewPlan } from "../../src/answer/ideal/view.js";
import type { ResultDocument } from "../../src/answer/result/document.js";
import { simulate } from "../../src/api/simulate.js";
import { randomPlan } from "../support/random-plan.js";
import { runCore } from "../support/run-core.js";

const PACKET_BYTES = 4178;
const GPUS = 16;

const flow = fc.record({
  src: fc.nat(GPUS - 1),
  by: fc.integer({ min: 1, max: GPUS - 1 }),
  bytes: fc.oneof(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 10_000, max: 1_000_000 })),
  start: fc.oneof(fc.constant(0), fc.nat(100_000), fc.constant(2_000_000_000)),
});

const flows = fc.array(flow, { minLength: 1, maxLength: 6 }).map((list) => ({
  kind: "flows",
  flows: list.map(({ src, by, bytes, start }) => ({
    ...{ src, dst: (src + by) % GPUS },
    ...{ size: `${bytes}B`, start: `${start}ns` },
  })),
}));

const collective = fc.record({
  kind: fc.constant("collective"),
  algorithm: fc.constantFrom("ring", "double-binary-tree"),
  size: fc.constantFrom("4KiB", "256KiB", "2MiB"),
});

const congestionControl = fc.constantFrom<object>(
  ...["dcqcn", "swift", "nscc", "hpcc", "rccc"].map((kind) => ({ kind })),
);

const transport = fc.oneof(
  fc.record({ window: fc.constantFrom("4096B", "8192B", "40KiB", "4MiB", "unlimited") }),
  fc
    .record({ recovery: fc.constant("selective"), reorder: fc.constantFrom(4, 64) })
    .map(({ recovery }) => ({ recovery })),
  fc.record({ congestionControl }),
);

const fault = fc.oneof(
  fc.record({
    ...{ kind: fc.constant("degraded-link"), from: fc.constantFrom("gpu-3", "spine-0"), to: fc.constant("leaf-0") },
    rate: fc.constantFrom("50Gbps", "200Gbps"),
  }),
  fc.record({
    ...{ kind: fc.constant("degraded-link"), from: fc.constantFrom("gpu-3", "spine-1"), to: fc.constant("leaf-0") },
    frameLossRatio: fc.constantFrom(1e-3, 0.03),
  }),
  fc.record({
    ...{ kind: fc.constant("link-down"), from: fc.constant("leaf-1"), to: fc.constant("spine-0") },
    start: fc.nat(50_000).map((ns) => `${ns}ns`),
  }),
  fc
    .record({
      host: fc.constantFrom("gpu-2", "gpu-3"),
      start: fc.nat(30_000),
      takes: fc.integer({ min: 1, max: 60_000 }),
    })
    .map(({ host, start, takes }) => ({
      ...{ kind: "nic-stall", host },
      ...{ start: `${start}ns`, until: `${start + takes}ns`, buffer: "64KiB" },
    })),
);

const PAUSES_SOON = { kind: "pfc", threshold: { kind: "static", xoff: "20KiB" } };

const scenarios = fc
  .record({
    seed: fc.nat(1000),
    workload: fc.oneof(flows, flows, collective),
    transport,
    policy: fc.constantFrom("ecmp", "pinned", "spray", "adaptive"),
    flowControl: fc.constantFrom<{ kind: string }>({ kind: "pfc" }, PAUSES_SOON, { kind: "none" }, { kind: "credit" }),
    buffer: fc.constantFrom("300KiB", "64MiB"),
    faults: fc.array(fault, { maxLength: 1 }),
  })
  .map(({ policy, buffer, flowControl, faults, ...rest }) => ({
    ...{ version: 1, ...rest, flowControl, routing: { policy } },
    topology: { kind: "leaf-spine", gpus: GPUS, gpusPerNode: 1, radix: 8 },
    switch: { buffer: flowControl.kind === "none" ? buffer : "64MiB" },
    transport: { rto: "200us", retryLimit: 100, ...rest.transport },
    timeLimit: "8s",
    faults: faults.filter(({ kind }) => kind !== "nic-stall" || flowControl.kind === "pfc"),
  }));
type Drawn = typeof scenarios extends fc.Arbitrary<infer T> ? T : never;

/** What must have happened where an explanation names a cause. */
function checkClaims({ explanation, packets, pfc, credit, links, ecn, flows }: ResultDocument, scenario: Drawn): void {
  const { dropped } = packets;
  const lost = dropped.congestion + dropped.crc + dropped.linkDown + dropped.watchdog;
  const { congestionControl, window } = scenario.transport as { congestionControl?: { kind: string }; window?: string };
  const happened: Record<string, boolean> = {
    faults: scenario.faults.length > 0,
    window: window !== "unlimited",
    timeouts: packets.timeouts > 0,
    pauses: pfc.pausedNs > 0,
    credits: (credit?.waitedNs ?? 0) > 0,
    losses: lost > 0 && packets.retransmitted > 0,
    retransmission: lost === 0 && packets.retransmitted > 0,
    queueing: links.maxQueueBytes.max > PACKET_BYTES && flows?.length !== 1,
    "rate-control": congestionControl !== undefined && (congestionControl.kind !== "dcqcn" || ecn.cnps > 0),
  };
  for (const { cause, basis } of explanation) {
    expect(happened[cause] ?? true, cause).toBe(true);
    if (["bound", "schedule", "window"].includes(cause)) expect(basis).toBe("bound");
    else if (cause !== "faults") expect(basis).toBe(cause === "unknown" ? "none" : "evidence");
  }
}

test("an explanation names only what happened, and accounts for all of the time", async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(scenarios, async (scenario) => {
      const result = await simulate(scenario);
      if (result.status !== "finished") return;
      const causes = result.explanation.map(({ cause }) => cause);
      for (const cause of causes) seen.add(cause);
      expect(causes).toEqual(CAUSES.filter((cause) => causes.includes(cause)));
      expect(result.explanation.reduce((sum, { shareOfJct }) => sum + shareOfJct, 0)).toBe(1);
      expect(result.explanation.reduce((sum, { ns }) => sum + ns, 0)).toBeCloseTo(result.jctNs!, 2);
      checkClaims(result, scenario);
    }),
    { numRuns: Number(process.env.HEDDLE_RUNS ?? 300), seed: 1 },
  );
  expect(CAUSES.filter((cause) => !seen.has(cause))).toEqual([]);
});

test("no run beats the bound that follows from its windows", async () => {
  let atBound = 0;
  await fc.assert(
    fc.asyncProperty(randomPlan(), async (plan) => {
      const outcome = await runCore(plan);
      if (outcome.status !== "finished") return;
      const boundPs = windowBoundPs(viewPlan(plan));
      const endPs = Math.max(...outcome.finishPs);
      expect(boundPs).toBeLessThanOrEqual(endPs);
      if (boundPs > 0.9 * endPs) atBound += 1;
    }),
    { numRuns: Number(process.env.HEDDLE_RUNS ?? 200) },
  );
  expect(atBound).toBeGreaterThan(5);
});
