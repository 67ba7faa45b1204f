import fc from "fast-check";
import { expect, test } from "vitest";
import type { ResultDocument } from "../../src/answer/result/document.js";
import { simulate } from "../../src/api/simulate.js";

/** A multiple of every quantum in which routing policies count time. */
const SHIFT_UNIT_PS = 2 ** 40;

const flow = fc.record({
  src: fc.nat(7),
  dst: fc.nat(7),
  bytes: fc.oneof(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 10_000, max: 300_000 })),
  startPs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 50_000_000 })),
});

const transport = fc.constantFrom<object>(
  {},
  { window: "8192B" },
  { recovery: "selective" },
  { congestionControl: { kind: "dcqcn" } },
  { congestionControl: { kind: "swift" } },
  { congestionControl: { kind: "hpcc" } },
);

const drawn = fc.record({
  flows: fc.array(flow, { minLength: 1, maxLength: 6 }),
  transport,
  policy: fc.constantFrom("ecmp", "spray", "adaptive", "flowlet", "pinned"),
  lossy: fc.boolean(),
  frameLossRatio: fc.constantFrom(0, 0, 0.01),
  down: fc.option(fc.integer({ min: 0, max: 40_000_000 }), { nil: undefined }),
  stall: fc.option(fc.tuple(fc.nat(40_000_000), fc.integer({ min: 1, max: 40_000_000 })), { nil: undefined }),
  seed: fc.nat(1000),
});
type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;

/** The scenario with every time in it, faults included, moved by a span. */
function scenarioOf({ flows, policy, lossy, frameLossRatio, down, stall, seed, ...rest }: Drawn, byPs: number) {
  const at = (ps: number) => `${ps + byPs}ps`;
  return {
    version: 1,
    seed,
    topology: { kind: "leaf-spine", gpus: 8, radix: 4 },
    flowControl: lossy ? { kind: "none" } : { kind: "pfc" },
    routing: { policy },
    transport: { rto: "100us", ...rest.transport },
    links: { fabric: { frameLossRatio } },
    workload: {
      kind: "flows",
      flows: flows.map(({ src, dst, bytes, startPs }) => ({
        ...{ src, dst: src === dst ? (dst + 1) % 8 : dst },
        ...{ size: `${bytes}B`, start: at(startPs) },
      })),
    },
    faults: [
      ...(down === undefined ? [] : [{ kind: "link-down", from: "leaf-0", to: "spine-0", start: at(down) }]),
      ...(stall === undefined || lossy
        ? []
        : [{ kind: "nic-stall", host: "gpu-1", start: at(stall[0]), until: at(stall[0] + stall[1]) }]),
    ],
  };
}

/** What does not depend on when it all began. */
function timeless({ jctNs, idealJctNs, efficiency, links, explanation, packets, pfc, flows }: ResultDocument) {
  const parts = explanation.map(({ cause, ns, shareOfJct, where }) => ({ cause, ns, shareOfJct, where }));
  const times = flows!.map(({ fctNs, ackedNs }) => ({ fctNs, ackedNs }));
  return { jctNs, idealJctNs, efficiency, links, parts, packets, pfc, times };
}

test("moving all times of a scenario changes nothing but instants", async () => {
  await fc.assert(
    fc.asyncProperty(drawn, fc.integer({ min: 1, max: 2000 }), async (spec, units) => {
      const byPs = units * SHIFT_UNIT_PS;
      const [here, there] = [await simulate(scenarioOf(spec, 0)), await simulate(scenarioOf(spec, byPs))];
      expect(there.status).toBe(here.status);
      expect(timeless(there)).toEqual(timeless(here));
      expect(there.startNs - here.startNs).toBeCloseTo(byPs / 1000, 2);
    }),
    { numRuns: Number(process.env.HEDDLE_RUNS ?? 100) },
  );
});

test("no link is used more than all of the time, and utilisation is what a reader divides", async () => {
  await fc.assert(
    fc.asyncProperty(drawn, fc.constantFrom("9000s", "20us", "100us"), async (spec, timeLimit) => {
      const { links, startNs, engine } = await simulate({ ...scenarioOf(spec, 0), timeLimit });
      expect(links.utilisation.max).toBeLessThanOrEqual(1);
      for (const { txBytes, utilisation } of links.hottest) {
        // 400 Gb/s are 50 bytes a nanosecond.
        expect(utilisation).toBeCloseTo(txBytes / 50 / links.observedNs, 9);
      }
      if (links.hottest.length > 0) expect(links.observedNs).toBeCloseTo(engine.simulatedNs - startNs, 2);
    }),
    { numRuns: Number(process.env.HEDDLE_RUNS ?? 100) },
  );
});
