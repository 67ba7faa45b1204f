import fc from "fast-check";
import { expect, test } from "vitest";
import { serializationPs, WireTimes } from "../../src/answer/ideal/wire-time.js";
import { tinyPlan } from "./support.js";

test("the least time of a byte is that of the best packet size, found by trying them all", () => {
  const rate = fc.oneof(fc.constantFrom(100e9, 400e9, 3600e9), fc.integer({ min: 1e9, max: 4e12 }));
  const serialization = fc.constantFrom("round" as const, "floor" as const);
  const bytes = fc.integer({ min: 0, max: 100 });
  fc.assert(
    fc.property(rate, serialization, bytes, fc.integer({ min: 1, max: 3000 }), (rateBps, rounding, extra, mtuBytes) => {
      const plan = tinyPlan();
      const [linkClass] = plan.fabric.linkClasses;
      const wire = { ...plan.wire, serialization: rounding, headerBytes: extra, gapBytes: 0 };
      const fabric = { ...plan.fabric, linkClasses: [{ ...linkClass!, rateBps, mtuBytes }] };
      let least = Number.POSITIVE_INFINITY;
      for (let size = 1; size <= mtuBytes; size++) {
        least = Math.min(least, serializationPs(size + extra, rateBps, rounding) / size);
      }
      expect(new WireTimes({ ...plan, wire, fabric }).psPerPayloadByte(0)).toBe(least);
    }),
  );
});
