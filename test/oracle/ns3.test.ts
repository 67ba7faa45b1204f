import { describe, expect, test } from "vitest";
import { ns3Cases, ns3Plan } from "../support/ns3.js";
import { runOracle } from "./run.js";

describe("the oracle under ns-3's rules", () => {
  test.each(ns3Cases().map((ns3) => [ns3.name, ns3] as const))(
    "%s",
    (_name, ns3) => {
      const outcome = runOracle(ns3Plan(ns3));

      expect(outcome.status).toBe("finished");
      expect(Array.from(outcome.ackedPs, (ps, flow) => ps - outcome.startPs[flow]!)).toEqual(ns3.expected.fctPs);
      expect(outcome.totals.pausesSent).toBe(ns3.expected.pauses);
      expect(outcome.endPs).toBe(ns3.expected.finishPs);
      expect(outcome.totals.droppedCongestion).toBe(0);
    },
    60_000,
  );
});
