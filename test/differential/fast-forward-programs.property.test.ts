import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Effort } from "../../src/engine/fast-forward/fast-forward.js";
import { CoreRun } from "../../src/engine/run/run.js";
import type { RunPlan } from "../../src/plan/plan.js";
import { expectSameOutcome } from "../support/compare.js";
import { describePlan } from "../support/describe-plan.js";
import { buildPlan } from "../support/network.js";
import type { NetworkSpec } from "../support/network-spec.js";
import { randomNetwork } from "../support/random-plan.js";
import { randomPrograms, withPrograms } from "../support/random-programs.js";

const RUNS = Number(process.env.HEDDLE_RUNS ?? 60);

/** Looks at every chance. */
const EAGER: Effort = { share: 1e9, patience: 500 };
/** As much as a run may take. */
const MAX_HOPS = 400_000;

interface Stretch {
  /** Messages are longer by this factor. */
  readonly factor: number;
  /** Leaves out what is random, and what reacts to congestion. */
  readonly tame: boolean;
}

const stretch: fc.Arbitrary<Stretch> = fc.record({
  factor: fc.constantFrom(1, 30, 100, 300),
  tame: fc.constantFrom(true, true, true, false),
});

function tamed(spec: NetworkSpec): NetworkSpec {
  const { ecn: _, stalls: __, dataClasses: ___, messageOverheadPs: ____, flowControl, ...rest } = spec;
  const { watchdog: _____, ...rules } = flowControl!;
  return {
    ...rest,
    flowControl: rules,
    links: spec.links.map(({ hazardPerByte: _, ...link }) => link),
    switches: spec.switches.map(({ credit: _, ...sw }) => sw),
    routing: { ...spec.routing, policy: "pinned" },
    transport: { ...spec.transport, congestionControl: null, rtoPs: 67_000_000_000 },
    flows: spec.flows.slice(0, 1).map(({ dataClass: _, ...flow }) => flow),
  };
}

/** Programs whose messages last long enough for something to repeat. */
const longProgramPlan: fc.Arbitrary<RunPlan> = fc
  .record({ network: randomNetwork(), programs: randomPrograms, stretch })
  .map(({ network, programs, stretch: { factor, tame } }) => {
    const spec = withPrograms(tame ? tamed(network) : network, programs);
    const communicators = spec.programs!.communicators.map(({ flows }) => ({
      flows: flows.map((flow) => ({ ...flow, bytes: flow.bytes * factor })),
    }));
    const long = { ...spec, programs: { ...spec.programs!, communicators } };
    const print = () => `buildPlan(${JSON.stringify(long)})\n${describePlan(buildPlan(long))}\n`;
    return Object.assign(buildPlan(long), { [fc.toStringMethod]: print });
  });

/** What comes of it; null where it takes more hops than `most`. */
async function end(run: CoreRun, hopsPerCall: number, most = Number.POSITIVE_INFINITY) {
  try {
    while (run.advance(hopsPerCall)) if (run.progress().packetHops > most) return null;
    const outcome = run.outcome();
    return { outcome, digest: run.digest(outcome), cycles: run.skipped().cycles };
  } finally {
    await run.close();
  }
}

describe("fast-forward beside programs", () => {
  it("changes nothing about outcome or digest, with 1 and 2 threads", async () => {
    let [runs, skipping] = [0, 0];
    await fc.assert(
      fc.asyncProperty(
        longProgramPlan,
        fc.constantFrom(1, 1, 1, 2),
        fc.constantFrom(500, 1e6),
        async (plan, threads, hops) => {
          const expected = await end(await CoreRun.start(plan, { fastForward: false }), 10_000, MAX_HOPS);
          fc.pre(expected !== null);
          const actual = (await end(await CoreRun.start(plan, { threads, fastForward: EAGER }), hops))!;
          expectSameOutcome(actual.outcome, expected!.outcome);
          expect(actual.digest).toBe(expected!.digest);
          runs++;
          if (actual.cycles > 0) skipping++;
        },
      ),
      { numRuns: RUNS },
    );
    if (process.env.HEDDLE_SAY) console.log(`${skipping} of ${runs} skipped something`);
    expect(skipping).toBeGreaterThan(runs / 20);
  }, 300_000);
});
