import { describe, expect, it } from "vitest";
import { ns3Cases, ns3Plan } from "../support/ns3.js";
import { runCore } from "../support/run-core.js";

describe("the core under the rules of ns-3", () => {
  for (const ns3 of ns3Cases()) {
    it(`${ns3.name}: completion times to the picosecond, pauses exactly`, async () => {
      const outcome = await runCore(ns3Plan(ns3));
      expect(outcome.status).toBe("finished");
      expect(Array.from(outcome.ackedPs, (acked, flow) => acked - outcome.startPs[flow]!)).toEqual(ns3.expected.fctPs);
      expect(outcome.totals.pausesSent).toBe(ns3.expected.pauses);
      expect(outcome.endPs).toBe(ns3.expected.finishPs);
    });
  }
});
