import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Effort } from "../../src/engine/fast-forward/fast-forward.js";
import { CoreRun } from "../../src/engine/run/run.js";
import type { Outcome } from "../../src/plan/outcome.js";
import type { RunPlan } from "../../src/plan/plan.js";
import { planOf } from "../model/support.js";
import { expectSameOutcome } from "../support/compare.js";
import { describePlan } from "../support/describe-plan.js";
import { maybe } from "../support/maybe.js";
import { buildPlan } from "../support/network.js";
import type { NetworkSpec } from "../support/network-spec.js";
import { randomChanges, withChanges } from "../support/random-changes.js";
import { randomNetwork } from "../support/random-plan.js";
import { randomSpread, spreadOver } from "../support/random-spread.js";

/** Looks at every chance. */
const EAGER: Effort = { share: 1e9, patience: 2000 };

interface Ended {
  readonly outcome: Outcome;
  readonly digest: string;
  readonly cycles: number;
  readonly skippedHops: number;
}

async function end(run: CoreRun, hopsPerCall = 1e6): Promise<Ended> {
  try {
    while (run.advance(hopsPerCall));
    const outcome = run.outcome();
    const { cycles, skippedHops } = run.skipped();
    return { outcome, digest: run.digest(outcome), cycles, skippedHops };
  } finally {
    await run.close();
  }
}

const plain = async (plan: RunPlan) => end(await CoreRun.start(plan, { fastForward: false }));

/**
 * As much as a run of a property may take: go-back-n may resend its window for as long as it likes.
 */
const MAX_HOPS = 1e6;
/** Threads meet at every window, which takes long where there are more threads than processors. */
const MAX_WINDOWS_TOGETHER = 100_000;

/** What comes of a plan that ends within MAX_HOPS, and how many windows that takes; else null. */
async function plainIfShort(plan: RunPlan): Promise<(Ended & { windows: number }) | null> {
  const run = await CoreRun.start(plan, { fastForward: false });
  if (run.advance(MAX_HOPS)) {
    await run.close();
    return null;
  }
  const { windows } = run.figures();
  return { ...(await end(run)), windows };
}

/**
 * Makes flows longer, so that something can repeat, and takes out most of what keeps anything from
 * repeating.
 */
function lengthened(spec: NetworkSpec, { factor, chunks, tame }: Lengthening): NetworkSpec {
  // Where pauses are refreshed, a run that gets stuck goes on for ever.
  const { ecn: _, stalls: __, dataClasses, flowControl, ...rest } = spec;
  const { watchdog: ___, ...rules } = flowControl!;
  const links = spec.links.map(({ hazardPerByte = 0, downAtPs: _, ...link }) => {
    return { ...link, hazardPerByte: hazardPerByte / RARER };
  });
  const switches = spec.switches.map(({ credit: _, ...sw }) => sw);
  const policy = TAME_POLICIES[spec.seed! % TAME_POLICIES.length]!;
  return {
    ...(tame ? { ...rest, flowControl: rules, links, switches, routing: { ...spec.routing, policy } } : spec),
    ...(tame ? { transport: { ...spec.transport, congestionControl: null, rtoPs: 67_000_000_000 } } : {}),
    flows: spec.flows.slice(0, tame ? MAX_TAME_FLOWS : 20).map((flow) => ({
      ...flow,
      dataClass: tame || dataClasses === undefined ? 0 : flow.dataClass!,
      bytes: flow.bytes * factor,
      chunks: (flow.chunks ?? 1) * chunks,
      after: flow.after?.filter((entry) => !tame || entry.flow < MAX_TAME_FLOWS) ?? [],
    })),
  };
}

const MAX_TAME_FLOWS = 6;
/** Losses must be so far apart that something repeats in between. */
const RARER = 1000;
const TAME_POLICIES = ["ecmp", "ecmp-qp", "round-robin", "pinned"] as const;

interface Lengthening {
  readonly factor: number;
  readonly chunks: number;
  /** Leaves out what is random, and what reacts to congestion. */
  readonly tame: boolean;
}

const lengthening = fc.record({
  factor: fc.constantFrom(1, 1, 10, 100),
  chunks: fc.constantFrom(1, 20, 100),
  tame: fc.constantFrom(true, true, true, false),
});

const randomLongNetwork = fc.tuple(randomNetwork(), lengthening).map(([spec, how]) => lengthened(spec, how));

const randomLongPlan = randomLongNetwork.map((long) => {
  const plan = buildPlan(long);
  const print = () => `buildPlan(${JSON.stringify(long)})\n${describePlan(plan)}\n`;
  return Object.assign(plan, { [fc.toStringMethod]: print });
});

/** A few long flows through what is not random: sooner or later such a run repeats itself. */
const steadyNetwork = (mostFlows: number) =>
  randomNetwork().map((spec) => {
    const short = { ...spec, flows: spec.flows.slice(0, mostFlows) };
    const how = { factor: 1, chunks: 1, tame: true };
    // A time for each message is simulated in full.
    const { timeLimitPs: _, messageOverheadPs: __, ...long } = lengthened(short, how);
    const links = long.links.map(({ hazardPerByte: _, ...link }) => link);
    const flows = long.flows.map((flow) => ({ ...flow, after: [], startPs: 0, bytes: 2 ** 22, chunks: 1 }));
    return { ...long, links, flows };
  });

const randomSteadyPlan = steadyNetwork(2).map((steady) => {
  const print = () => `buildPlan(${JSON.stringify(steady)})\n`;
  return Object.assign(buildPlan(steady), { [fc.toStringMethod]: print });
});

/**
 * One long flow, and others between idle hosts of the same leaf, at any time while it lasts (1.4
 * ms) and after it.
 */
const randomLateStarts = fc
  .record({
    others: fc.array(
      fc.record({
        size: fc.constantFrom("1B", "64KiB", "1MiB", "4MiB"),
        startUs: fc.oneof(fc.nat(1500), fc.double({ min: 0, max: 1500, noNaN: true }), fc.nat(1e6)),
      }),
      { minLength: 1, maxLength: 7 },
    ),
    ackEvery: fc.constantFrom(1, 4, 8),
    timeLimitUs: maybe(4, fc.nat(2000)),
  })
  .map(({ others, ackEvery, timeLimitUs }) => {
    const late = others.map(({ size, startUs }, i) => ({
      src: 2 + 2 * i,
      dst: 3 + 2 * i,
      size,
      start: `${startUs.toFixed(3)}us`,
    }));
    const document = {
      topology: { kind: "leaf-spine", gpus: 16, gpusPerNode: 1, radix: 64 },
      routing: { policy: "ecmp-qp" },
      transport: { ackEvery, recovery: "go-back-n" },
      workload: { kind: "flows", flows: [{ src: 0, dst: 1, size: "64MiB" }, ...late] },
    };
    const plan = planOf(document);
    const limited = timeLimitUs === undefined ? plan : { ...plan, timeLimitPs: timeLimitUs * 1e6 };
    return Object.assign(limited, { [fc.toStringMethod]: () => JSON.stringify({ document, timeLimitUs }) });
  });

/** What is simulated must not take for ever. */
const MAX_PACKETS = 60_000;

function isShortEnough({ flows }: RunPlan): boolean {
  const packets = flows.chunks.reduce((sum, count, flow) => sum + count * Math.ceil(flows.chunkBytes[flow]! / 256), 0);
  return packets < MAX_PACKETS;
}

const isShort = (spec: NetworkSpec) => isShortEnough(buildPlan(spec));

const CLOS = { kind: "rail-optimized", gpus: 64, gpusPerNode: 8, radix: 16 };
const ECMP = { topology: CLOS, routing: { policy: "ecmp-qp" }, transport: { ackEvery: 8 } };
const allReduce = (algorithm: string, size: string) => ({
  workload: {
    kind: "collective",
    collective: "all-reduce",
    algorithm,
    size,
    ...(algorithm === "ring" && { channels: 1 }),
    // In one piece: pieces that overlap repeat less.
    ...(algorithm === "hierarchical-ring" && { chunk: size }),
  },
});

const LOSSY = {
  links: { access: { frameLossRatio: 1e-7 } },
  faults: [{ kind: "degraded-link", from: "gpu-7", to: "leaf-7", frameLossRatio: 1e-5 }],
};
const RETRYING = { links: { access: { frameLossRatio: 1e-6, llr: true } } };

/** Settings, and the least share of packet-hops that is skipped. */
const CASES: [string, object, number][] = [
  ["a ring all-reduce", { ...ECMP, ...allReduce("ring", "512MiB") }, 0.7],
  [
    "a ring that loses a frame in ten million, with a bad optic",
    { ...ECMP, ...LOSSY, ...allReduce("ring", "512MiB") },
    0.2,
  ],
  ["a ring whose links repeat lost frames", { ...ECMP, ...RETRYING, ...allReduce("ring", "512MiB") }, 0.4],
  ["a hierarchical ring", { ...ECMP, ...allReduce("hierarchical-ring", "512MiB") }, 0.1],
];

/** Runs that were held to the same without fast-forward, and how many of them skipped something. */
class Held {
  runs = 0;
  skipping = 0;

  /** Holds a run to what it comes to without fast-forward. */
  async hold(plan: RunPlan, expected: Ended, threads = 1, hopsPerCall = 1e6) {
    const actual = await end(await CoreRun.start(plan, { threads, fastForward: EAGER }), hopsPerCall);
    expectSameOutcome(actual.outcome, expected.outcome);
    expect(actual.digest).toBe(expected.digest);
    this.runs++;
    if (actual.cycles > 0) this.skipping++;
  }

  /** More than one run in `parts` skips something. */
  expectShare(parts: number, which: string): void {
    if (process.env.HEDDLE_SAY) console.log(`${this.skipping} of ${this.runs} ${which} skipped something`);
    expect(this.skipping).toBeGreaterThan(this.runs / parts);
  }
}

describe("fast-forward", () => {
  it("changes nothing about the outcome or the digest, with 1, 2 and 3 threads", async () => {
    const held = new Held();
    await fc.assert(
      fc.asyncProperty(
        randomLongPlan,
        fc.constantFrom(1, 1, 1, 2, 3),
        fc.constantFrom(500, 1e6),
        async (plan, threads, hopsPerCall) => {
          fc.pre(isShortEnough(plan));
          await held.hold(plan, await plain(plan), threads, hopsPerCall);
        },
      ),
      { numRuns: Number(process.env.HEDDLE_RUNS ?? 100) },
    );
    held.expectShare(60, "of all");
  }, 300_000);

  it("skips something of a good part of the runs that settle", async () => {
    const held = new Held();
    await fc.assert(
      fc.asyncProperty(randomSteadyPlan, async (plan) => {
        await held.hold(plan, await plain(plan));
      }),
      { numRuns: Number(process.env.HEDDLE_RUNS ?? 40) },
    );
    held.expectShare(3, "that settle");
  }, 300_000);

  it("keeps starts, faults, limits and timeouts where they are, anywhere in a run and after idle times", async () => {
    const held = new Held();
    await fc.assert(
      fc.asyncProperty(
        // Runs that detect lost resends, or lose packets all the time, skip nothing: more that settle.
        fc.oneof(
          { weight: 1, arbitrary: randomLongNetwork.filter(isShort) },
          { weight: 5, arbitrary: steadyNetwork(3).filter(isShort) },
        ),
        randomSpread,
        fc.constantFrom(1, 1, 1, 2),
        fc.constantFrom(500, 1e6),
        async (spec, spread, threads, hopsPerCall) => {
          const alone = await plainIfShort(buildPlan(spec));
          if (alone === null) return fc.pre(false);
          const plan = buildPlan(spreadOver(spec, alone.outcome.endPs, spread));
          const expected = await plainIfShort(plan);
          if (expected === null) return fc.pre(false);
          const together = expected.windows <= MAX_WINDOWS_TOGETHER ? threads : 1;
          await held.hold(plan, expected, together, hopsPerCall);
        },
      ),
      { numRuns: Number(process.env.HEDDLE_RUNS ?? 160) },
    );
    held.expectShare(6, "that are spread");
  }, 300_000);

  it("keeps changes of links and routes where they are", async () => {
    const held = new Held();
    await fc.assert(
      fc.asyncProperty(
        steadyNetwork(3).filter(isShort),
        randomChanges,
        fc.constantFrom(1, 1, 1, 2),
        fc.constantFrom(500, 1e6),
        async (spec, changes, threads, hopsPerCall) => {
          const alone = await plainIfShort(buildPlan(spec));
          if (alone === null) return fc.pre(false);
          const { endPs } = alone.outcome;
          const plan = buildPlan({ ...withChanges(spec, endPs, changes), timeLimitPs: 20 * endPs });
          const expected = await plainIfShort(plan);
          if (expected === null) return fc.pre(false);
          const together = expected.windows <= MAX_WINDOWS_TOGETHER ? threads : 1;
          await held.hold(plan, expected, together, hopsPerCall);
        },
      ),
      { numRuns: Number(process.env.HEDDLE_RUNS ?? 40) },
    );
    held.expectShare(6, "with changes");
  }, 300_000);

  it("starts the flows of idle hosts in time after a jump", async () => {
    await fc.assert(
      fc.asyncProperty(randomLateStarts, fc.constantFrom<Effort | true>(EAGER, true), async (plan, fastForward) => {
        const expected = await plain(plan);
        const actual = await end(await CoreRun.start(plan, { fastForward }));
        expectSameOutcome(actual.outcome, expected.outcome);
        expect(actual.digest).toBe(expected.digest);
      }),
      { numRuns: Number(process.env.HEDDLE_RUNS ?? 40) },
    );
  }, 300_000);

  it("leaves a run that is broken off anywhere, and continued by other threads, as it was", async () => {
    await fc.assert(
      fc.asyncProperty(randomLongPlan, fc.nat(5000), fc.constantFrom(1, 1, 2), async (plan, afterHops, threads) => {
        fc.pre(isShortEnough(plan));
        const expected = await plain(plan);
        const first = await CoreRun.start(plan, { fastForward: EAGER });
        first.advance(afterHops);
        const image = first.image().slice();
        await first.close();
        for (const fastForward of [EAGER, false] as const) {
          const actual = await end(await CoreRun.resume(plan, image, { threads, fastForward }));
          expectSameOutcome(actual.outcome, expected.outcome);
          expect(actual.digest).toBe(expected.digest);
        }
      }),
      { numRuns: Number(process.env.HEDDLE_RUNS ?? 30) },
    );
  }, 300_000);

  it.each(CASES)("skips a good part of %s", async (_, settings, leastShare) => {
    const plan = planOf({ version: 1, ...settings });
    const expected = await plain(plan);
    const actual = await end(await CoreRun.start(plan));
    expect(actual.digest).toBe(expected.digest);
    expectSameOutcome(actual.outcome, expected.outcome);
    expect(actual.skippedHops / expected.outcome.totals.hops).toBeGreaterThan(leastShare);
  });

  it("says why it is off", async () => {
    const settings = { version: 1, topology: CLOS, workload: { kind: "collective", size: "64KiB" } };
    const off = async (more: object) => {
      const run = await CoreRun.start(planOf({ ...settings, ...more }));
      await run.close();
      return run.skipped().off;
    };
    expect(await off({})).toBeUndefined();
    expect(await off({ preset: "multipath", routing: { policy: "flowlet" } })).toMatch(/flowlets/);
    expect(await off({ flowControl: { kind: "credit" } })).toMatch(/credit/);
  });
});
