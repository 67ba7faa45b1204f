import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { runOracle } from "../oracle/run.js";
import { expectSameOutcome } from "../support/compare.js";
import { useDebugCore } from "../support/debug-core.js";
import { DYNAMIC_XOFF, type NetworkSpec } from "../support/network-spec.js";
import { randomPlan } from "../support/random-plan.js";
import { runCore } from "../support/run-core.js";

interface Thresholds {
  readonly policy: "ecmp" | "ecmp-qp" | "spray" | "round-robin";
  readonly xoffPackets: readonly number[];
  readonly alphaShift: number;
  readonly resumeOffsetBytes: number;
  readonly headroomPackets: number;
  readonly bufferPackets: number;
}

const thresholds = fc.record<Thresholds>({
  policy: fc.constantFrom("ecmp", "ecmp-qp", "spray", "round-robin"),
  // Of the ports of a link in turn; 0 is a threshold that follows what is free.
  xoffPackets: fc.array(fc.constantFrom(0, 1, 2, 3, 5, 15), { minLength: 1, maxLength: 4 }),
  alphaShift: fc.constantFrom(0, 1, 3, 6),
  resumeOffsetBytes: fc.constantFrom(0, 1, 4096, 8192),
  headroomPackets: fc.constantFrom(0, 2, 100),
  bufferPackets: fc.constantFrom(10, 40, 2000),
});

/** Incasts onto PFC whose pauses hold until they are taken back, in one data class. */
function withPauses(rules: Thresholds) {
  return (spec: NetworkSpec): NetworkSpec => {
    const [dst, ...others] = spec.hosts;
    const incast = others.slice(0, 6).map((src) => ({ src, dst: dst!, bytes: 150_000 + src }));
    const { dataClasses: _, ...rest } = spec;
    const { pauseResponsePs = 0 } = spec.flowControl ?? {};
    return {
      ...rest,
      switches: spec.switches.map(({ credit: _credit, ...sw }) => ({
        ...sw,
        lossless: true,
        bufferBytes: 4096 * (rules.bufferPackets + 32 * rules.headroomPackets),
        headroomBytes: 4096 * rules.headroomPackets,
      })),
      links: spec.links.map((link, i) => {
        const packets = rules.xoffPackets[i % rules.xoffPackets.length]!;
        const xoffBytes = packets === 0 ? DYNAMIC_XOFF : packets * 4096;
        const { resumeOffsetBytes, alphaShift } = rules;
        return { ...link, buffers: { xoffBytes, alphaShift, resumeOffsetBytes } };
      }),
      flows: [...spec.flows.map(({ dataClass: _class, ...flow }) => flow), ...incast],
      transport: { ...spec.transport, congestionControl: null, windowPackets: 64 },
      routing: { ...spec.routing, policy: rules.policy },
      flowControl: { release: "end", pauseResponsePs },
      stalls: [],
      timeLimitPs: 5_000_000_000,
    };
  };
}

// The other cores play all ports of a switch event by event where little arrives.
beforeAll(useDebugCore);

describe("switches of which some ports pause or are paused", () => {
  it("are as the oracle has them", async () => {
    let paused = 0;
    let dropped = 0;
    await fc.assert(
      fc.asyncProperty(
        thresholds.chain((rules) => randomPlan(withPauses(rules))),
        fc.constantFrom(1, 2),
        async (plan, threads) => {
          const outcome = await runCore(plan, 1e6, threads);
          expectSameOutcome(outcome, runOracle(plan));
          if (outcome.totals.pausesSent > 20) paused += 1;
          if (outcome.totals.droppedCongestion > 0) dropped += 1;
        },
      ),
      { numRuns: Number(process.env.HEDDLE_RUNS ?? 60) },
    );
    expect(paused).toBeGreaterThan(5);
    expect(dropped).toBeGreaterThan(0);
  }, 300_000);
});
