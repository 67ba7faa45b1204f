import fc from "fast-check";
import { NO_QUEUE_LIMIT } from "../../src/plan/plan.js";
import { maybe } from "./maybe.js";
import { DYNAMIC_XOFF, type NetworkClass, type NetworkSpec } from "./network-spec.js";

/**
 * Rules of a data class: lossy or lossless, and any of its thresholds in place of those of all.
 * Queues hold a packet at least.
 */
export const randomClassRules = fc
  .record({
    isLossy: fc.boolean(),
    reserveBytes: maybe(2, fc.constantFrom(0, 1000, 9000)),
    headroomBytes: maybe(2, fc.constantFrom(0, 9000, 200_000)),
    xoffBytes: maybe(2, fc.constantFrom(DYNAMIC_XOFF, DYNAMIC_XOFF, 0, 3000, 40_000)),
    alphaShift: maybe(2, fc.nat(5)),
    resumeOffsetBytes: maybe(2, fc.constantFrom(0, 3072, 9000)),
    queueLimitBytes: maybe(2, fc.constantFrom(NO_QUEUE_LIMIT, 5000, 20_000)),
    dropAlpha: maybe(2, fc.constantFrom([1, 1], [1, 4], [3, 2]) as fc.Arbitrary<[number, number]>),
    ecn: maybe(
      2,
      fc.record({
        kminPs: fc.constantFrom(0, 100_000, 2_000_000, Number.POSITIVE_INFINITY),
        kmaxPs: fc.constantFrom(2_000_000, 6_000_000, Number.POSITIVE_INFINITY),
        pmax: fc.constantFrom(0.5, 1),
      }),
    ),
  })
  .map(({ dropAlpha, ...rules }) => ({
    ...withoutUndefined(rules),
    ...(dropAlpha !== undefined && { dropAlphaNum: dropAlpha[0], dropAlphaDen: dropAlpha[1] }),
  }));

/** What is left out takes the rules of all. */
function withoutUndefined<T extends object>(rules: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

/** An incast of each class on top of whatever there is; flows take turns in their classes. */
export function crowded(dataClasses: readonly NetworkClass[]) {
  return (spec: NetworkSpec): NetworkSpec => {
    const [dst, ...others] = spec.hosts;
    const incast = others
      .slice(0, 4)
      .flatMap((src) => dataClasses.map((_, dataClass) => ({ src, dst: dst!, bytes: 30_000 + src, dataClass })));
    const flows = spec.flows.map((flow, i) => ({ ...flow, dataClass: i % dataClasses.length }));
    return { ...spec, dataClasses, flows: [...flows, ...incast] };
  };
}
