import { describe, expect, it } from "vitest";
import type { Effort } from "../../src/engine/fast-forward/fast-forward.js";
import { CoreRun } from "../../src/engine/run/run.js";
import { planOf } from "../model/support.js";
import { expectSameOutcome } from "../support/compare.js";

/** Looks at every chance. */
const EAGER: Effort = { share: 1e9, patience: 2000 };

const CLOS = { kind: "rail-optimized", gpus: 16, gpusPerNode: 4, radix: 8 };
const FLAT = { kind: "fat-tree", gpus: 16, gpusPerNode: 8, radix: 16, tiers: 2, scaleUp: false };
const allReduce = (algorithm: string, size: string) => ({
  kind: "collective",
  collective: "all-reduce",
  algorithm,
  size,
  ...(algorithm === "ring" && { channels: 1 }),
});
const flows = (pattern: string, size: string, more = {}) => ({ kind: "flows", pattern, size, ...more });

/**
 * What runs, and the least share of the combinations of which a part is skipped; `swift` and `nscc`
 * take longer to settle than these last.
 */
const WORKLOADS = {
  ring: { leastSkipping: 1 / 2, topology: CLOS, workload: allReduce("ring", "16MiB") },
  "hierarchical ring": { leastSkipping: 1 / 2, topology: CLOS, workload: allReduce("hierarchical-ring", "8MiB") },
  "double binary tree": { leastSkipping: 0, topology: CLOS, workload: allReduce("double-binary-tree", "4MiB") },
  permutation: { leastSkipping: 1 / 4, topology: FLAT, workload: flows("permutation", "4MiB") },
  incast: { leastSkipping: 1 / 10, topology: FLAT, workload: flows("incast", "8MiB", { senders: 2 }) },
};
/** All under one leaf: what meets meets at a receiver. */
const LEAF = { ...FLAT, radix: 64 };

const ROUTINGS = ["ecmp", "ecmp-qp", "round-robin", "pinned"];
const FLOW_CONTROLS = [
  { kind: "pfc" },
  { kind: "pfc", threshold: { kind: "static", xoff: "100KiB" } },
  { kind: "none" },
];
const CONTROLS = ["none", "dcqcn", "swift", "nscc"];

interface Share {
  readonly skipped: number;
  readonly cycles: number;
}

/**
 * Runs it in full and with fast-forward, demands the same of both, and returns the share of
 * packet-hops that was skipped.
 */
async function share(scenario: object, effort: Effort | boolean = EAGER): Promise<Share> {
  const plan = planOf({ seed: 1, ...scenario });
  const end = async (fastForward: Effort | boolean) => {
    const run = await CoreRun.start(plan, { fastForward });
    while (run.advance(1e6));
    await run.close();
    const outcome = run.outcome();
    return { outcome, digest: run.digest(outcome), ...run.skipped() };
  };
  const expected = await end(false);
  const actual = await end(effort);
  expectSameOutcome(actual.outcome, expected.outcome);
  expect(actual.digest).toBe(expected.digest);
  expect(actual.off).toBeUndefined();
  return { skipped: actual.skippedHops / expected.outcome.totals.hops, cycles: actual.cycles };
}

const transportOf = (control: string, policy: string, isLossless: boolean) => ({
  ackEvery: 4,
  // What takes several ways, or may be dropped, comes in another order.
  recovery: policy === "round-robin" || !isLossless ? "selective" : "go-back-n",
  congestionControl: { kind: control },
});

describe.each(Object.entries(WORKLOADS))("fast-forward of a %s", (_, { leastSkipping, ...workload }) => {
  it("is exact with every static routing, flow control and congestion control", async () => {
    let runs = 0;
    let skipping = 0;
    for (const policy of ROUTINGS) {
      for (const flowControl of FLOW_CONTROLS) {
        for (const control of CONTROLS) {
          const transport = transportOf(control, policy, flowControl.kind === "pfc");
          const { cycles } = await share({ ...workload, routing: { policy }, flowControl, transport });
          runs++;
          if (cycles > 0) skipping++;
        }
      }
    }
    expect(skipping / runs).toBeGreaterThanOrEqual(leastSkipping);
  }, 120_000);
});

/** Settings, and the least share of packet-hops that is skipped with the usual effort. */
const STEADY: [string, object, number][] = [
  ["a permutation of long flows", { topology: LEAF, workload: flows("permutation", "128MiB") }, 0.9],
  ["an all-to-all", { topology: FLAT, workload: flows("all-to-all", "8MiB") }, 0.8],
  [
    "an incast that is paused again and again",
    { topology: LEAF, workload: flows("incast", "1GiB", { senders: 2 }), transport: { ackEvery: 8, window: "4MiB" } },
    0.5,
  ],
  [
    "a ring with DCQCN",
    {
      topology: CLOS,
      workload: allReduce("ring", "512MiB"),
      transport: { ackEvery: 4, congestionControl: { kind: "dcqcn" } },
    },
    0.5,
  ],
  [
    "a permutation with DCQCN",
    {
      topology: LEAF,
      workload: flows("permutation", "128MiB"),
      transport: { ackEvery: 4, congestionControl: { kind: "dcqcn" } },
    },
    0.9,
  ],
  [
    "a permutation by turns, without flow control",
    {
      topology: FLAT,
      workload: flows("permutation", "128MiB"),
      routing: { policy: "round-robin" },
      flowControl: { kind: "none" },
      transport: { ackEvery: 4, recovery: "selective" },
    },
    0.5,
  ],
  [
    "a double binary tree",
    {
      topology: { ...CLOS, gpusPerNode: 8, radix: 64 },
      workload: allReduce("double-binary-tree", "1GiB"),
      transport: { ackEvery: 8, window: "4MiB" },
    },
    0.3,
  ],
];

describe("fast-forward", () => {
  it.each(STEADY)("skips a good part of %s", async (_, scenario, least) => {
    const usual = { routing: { policy: "ecmp-qp" }, transport: { ackEvery: 4, recovery: "go-back-n" } };
    const { skipped } = await share({ ...usual, ...scenario }, true);
    if (process.env.HEDDLE_SAY) console.log(`${_}: ${(100 * skipped).toFixed(1)} %`);
    expect(skipped).toBeGreaterThan(least);
  });
});
