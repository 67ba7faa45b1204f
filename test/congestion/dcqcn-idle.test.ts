import { expect, test } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import type { DcqcnControl } from "../../src/plan/congestion.js";
import { runOracle } from "../oracle/run.js";
import { expectSameOutcome } from "../support/compare.js";
import { buildPlan } from "../support/network.js";
import { link } from "../support/network-spec.js";
import { runCore } from "../support/run-core.js";

const USUAL: DcqcnControl = {
  kind: "dcqcn",
  cnpIntervalPs: 4_000_000,
  cnpDelayPs: 0,
  gain: 1 / 256,
  initialAlpha: 1,
  alphaPeriodPs: 100_000,
  decreaseIntervalPs: 1_000_000,
  timerPs: 100_000,
  byteCounterBytes: 0,
  fastRecovery: 5,
  clampTarget: 1,
  periodic: 0,
  additiveRate: 1e-4,
  hyperRate: 1e-3,
  leastRate: 1e-4,
};

/** Two senders to one host, marked there; then nothing until `resumePs`, when the first goes on. */
function paused(congestionControl: DcqcnControl, resumePs: number) {
  return buildPlan({
    hosts: [0, 1, 2],
    switches: [{ id: 100 }],
    links: [0, 1, 2].map((host) => link(host, 100, 400e9, 15_000)),
    flows: [
      { src: 0, dst: 2, bytes: 200_000, chunks: 2, after: [{ flow: 2, lag: 1 }] },
      { src: 1, dst: 2, bytes: 200_000 },
      { src: 1, dst: 0, bytes: 1, startPs: resumePs },
    ],
    transport: { congestionControl, rtoPs: 67_000_000_000 },
    ecn: { at: "enqueue", kminPs: 0, kmaxPs: 1000, pmax: 1 },
  });
}

test.each<[string, Partial<DcqcnControl>, number]>([
  ["timers of 100 ns over 10 s", {}, 1e13],
  ["timers of 1 ps over 1 ms, more than are played", { alphaPeriodPs: 1, timerPs: 1 }, 1e9],
  ["what never settles", { gain: 1e-9, additiveRate: 1e-18, hyperRate: 0 }, 1e13],
  ["a hyper increase whose stage no longer grows", { timerPs: 1000, hyperRate: 1e-30, additiveRate: 0 }, 1e13],
  ["a byte counter beside", { byteCounterBytes: 5000 }, 1e13],
  ["decreases by the period", { periodic: 1 }, 1e13],
  [
    "decreases by a long period, timers of 1 ps",
    { periodic: 1, decreaseIntervalPs: 5e9, alphaPeriodPs: 1, timerPs: 1 },
    1e13,
  ],
])("DCQCN catches up after a pause as the model says: %s", async (_name, more, resumePs) => {
  const plan = paused({ ...USUAL, ...more }, resumePs);
  const expected = runOracle(plan);
  expect(expected.status).toBe("finished");
  expect(expected.totals.cnpsReceived).toBeGreaterThan(0);
  expectSameOutcome(await runCore(plan), expected);
});

test("timers below 100 ns are refused", async () => {
  const scenario = {
    version: 1,
    preset: "roce-dcqcn",
    topology: { kind: "leaf-spine", gpus: 4, gpusPerNode: 1, radix: 16 },
    workload: { kind: "flows", pattern: "incast", target: 0, size: "1MiB" },
  };
  for (const name of ["timer", "alphaPeriod"]) {
    const transport = { congestionControl: { kind: "dcqcn", [name]: "1ps" } };
    await expect(simulate({ ...scenario, transport })).rejects.toThrow(/100 ?ns/);
  }
});
