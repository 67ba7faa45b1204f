import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Outcome } from "../../src/plan/outcome.js";
import { expectSameOutcome } from "../support/compare.js";
import { buildPlan } from "../support/network.js";
import { randomNetwork, randomPlan } from "../support/random-plan.js";
import { runOracle } from "./run.js";

const RUNS = { numRuns: 100 };
const TIMEOUT_MS = 120_000;

describe("the oracle on random plans", () => {
  test(
    "agrees with itself, and what it counts adds up",
    () => {
      fc.assert(
        fc.property(randomPlan(), (plan) => {
          const outcome = runOracle(plan);
          expectSameOutcome(runOracle(plan), outcome);
          expectCountsAddUp(outcome);
        }),
        RUNS,
      );
    },
    TIMEOUT_MS,
  );

  test(
    "does not depend on which hosts share a device",
    () => {
      fc.assert(
        fc.property(randomNetwork(), (spec) => {
          const alone = runOracle(buildPlan({ ...spec, hostsPerDevice: 1 }));
          expectSameOutcome(runOracle(buildPlan({ ...spec, hostsPerDevice: 2 })), alone);
          expectSameOutcome(runOracle(buildPlan({ ...spec, hostsPerDevice: 100 })), alone);
        }),
        RUNS,
      );
    },
    TIMEOUT_MS,
  );

  test(
    "no flow is faster than its NIC",
    () => {
      fc.assert(
        fc.property(randomPlan(), (plan) => {
          const { flows, fabric } = plan;
          const { startPs, finishPs, totals } = runOracle(plan);
          finishPs.forEach((finish, flow) => {
            if (Number.isNaN(finish)) return;
            const port = fabric.nics.port[flows.srcNic[flow]!]!;
            const { rateBps } = fabric.linkClasses[fabric.portClass[port]!]!;
            const payloadPs = (flows.chunks[flow]! * flows.chunkBytes[flow]! * 8e12) / rateBps;
            expect(finish - startPs[flow]!).toBeGreaterThan(payloadPs);
          });
          expect(totals.dataSent).toBeGreaterThanOrEqual(totals.dataDelivered);
        }),
        RUNS,
      );
    },
    TIMEOUT_MS,
  );
});

function expectCountsAddUp({ status, totals, ports }: Outcome): void {
  const sum = (counts: Float64Array) => counts.reduce((total, count) => total + count, 0);
  expect(sum(ports.ecnMarked)).toBe(totals.ecnMarked);
  expect(sum(ports.droppedCrc)).toBe(totals.droppedCrc);
  expect(sum(ports.droppedLinkDown)).toBe(totals.droppedLinkDown);
  expect(sum(ports.droppedCongestion)).toBe(totals.droppedCongestion);
  expect(sum(ports.pausesSent)).toBe(totals.pausesSent);
  expect(totals.resumesSent).toBeLessThanOrEqual(totals.pausesSent);
  ports.longestPausePs.forEach((longest, port) => {
    expect(longest).toBeLessThanOrEqual(ports.pausedPs[port]!);
  });
  if (status === "finished") expect(totals.dataSent - totals.retransmitted).toBeLessThanOrEqual(totals.dataDelivered);
}
