import { describe, expect, test } from "vitest";
import { buildResult } from "../../src/answer/result/build.js";
import { allReduce, ringFlows, type TinySpec, tinyPlan, tinyScenario } from "../ideal/support.js";
import { COUNTS, ENGINE, type OutcomeParts, outcomeOf, portOf } from "./support.js";

const SIZE = 4 * 4096;
const RING: TinySpec = { leaves: 2, spines: 2, flows: ringFlows(4, 4096) };

function build(parts: OutcomeParts, spec: TinySpec = RING, scenario = tinyScenario(allReduce(SIZE))) {
  const plan = tinyPlan(spec);
  const outcome = outcomeOf(plan, parts);
  const common = { heddleVersion: "0.1.0", scenario, scenarioDigest: "d", plan, counts: COUNTS, engine: ENGINE };
  return buildResult({ ...common, outcome });
}

describe("times", () => {
  test("bandwidth by NCCL's definitions", () => {
    const doc = build({ finishPs: [30e6, 40e6, 35e6, 32e6] });
    expect(doc.jctNs).toBe(40_000);
    expect(doc.algbwGBps).toBe(SIZE / 40_000);
    expect(doc.busbwGBps).toBeCloseTo(((SIZE / 40_000) * 2 * 3) / 4, 12);
    expect(doc.efficiency).toBe(doc.idealJctNs / 40_000);
  });

  test("ranks finish with the last flow to them", () => {
    const { ranks } = build({ finishPs: [30e6, 40e6, 35e6, 32e6] });
    expect(ranks.finishNs).toEqual({ min: 30_000, p50: 32_000, p99: 40_000, max: 40_000 });
    expect(ranks.slowest.map(({ rank }) => rank)).toEqual([2, 3, 0, 1]);
  });

  test("steps are the mean time per chunk of each flow", () => {
    expect(build({ finishPs: [30e6, 42e6, 36e6, 33e6] }).steps).toEqual({ p50Ns: 5500, p99Ns: 7000, maxNs: 7000 });
  });

  test("a run that was cut off has no completion time", () => {
    const doc = build({ status: "time-limit", finishPs: [30e6, Number.NaN, 35e6, 32e6], endPs: 35e6 });
    expect(doc).toMatchObject({ jctNs: null, efficiency: null, algbwGBps: null, explanation: [] });
    expect(doc.progress).toEqual({ chunksDelivered: 18, chunks: 24, ranksFinished: 3, ranks: 4 });
    expect(doc.diagnosis?.kind).toBe("time-limit");
    expect(doc.ranks).toEqual({ finishNs: null, slowest: [] });
  });

  test("flows that share a logical flow are one", () => {
    const flows = [
      { src: 0, dst: 1, bytes: 4096 },
      { src: 0, dst: 1, bytes: 100, startPs: 10 },
    ];
    const plan = tinyPlan({ flows });
    const scenario = tinyScenario({ kind: "flows", flows: [{ src: 0, dst: 1, bytes: 4196, startPs: 0 }] });
    const outcome = outcomeOf(plan, { finishPs: [3e6, 4e6] });
    const common = { heddleVersion: "0.1.0", scenario, scenarioDigest: "d", plan, counts: COUNTS, engine: ENGINE };
    const doc = buildResult({ ...common, outcome, logicalFlows: [0, 0] });
    const times = { startNs: 0, finishNs: 4000, fctNs: 4000, ackedNs: 4001 };
    expect(doc.flows).toEqual([
      { src: 0, dst: 1, bytes: 4196, ...times, idealFctNs: 2347.12, slowdown: 4000 / 2347.12 },
    ]);
    expect(doc.steps).toBeNull();
  });
});

describe("links", () => {
  test("utilisation counts wire bytes against the rate, queues in bytes", () => {
    const plan = tinyPlan(RING);
    const hot = portOf(plan, "leaf-0", "spine-1");
    const cold = portOf(plan, "gpu-0", "leaf-0");
    const doc = build({
      finishPs: [1e6, 1e6, 1e6, 1e6],
      ports: {
        txBytes: { [hot]: 40_000, [cold]: 10_000 },
        maxBacklogPs: { [hot]: 83_570 },
        pausedPs: { [hot]: 5000 },
        droppedCongestion: { [plan.fabric.peerPort[hot]!]: 3 },
      },
    });
    expect(doc.links.hottest).toHaveLength(2);
    expect(doc.links.hottest[0]).toEqual({
      ...{ from: "leaf-0", to: "spine-1", utilisation: 0.8, txBytes: 40_000, maxQueueBytes: 4178, pausedNs: 5 },
      ...{ creditWaitNs: 0, ecnMarked: 0, droppedCrc: 0, droppedLinkDown: 0, droppedWatchdog: 0, droppedCongestion: 3 },
    });
    expect(doc.links.utilisation.max).toBe(0.8);
    expect(doc.links.utilisation.mean).toBeCloseTo(1 / 16, 12);
    // The ports of the four NICs queue nothing.
    expect(doc.links.maxQueueBytes).toEqual({ mean: 4178 / 12, p99: 4178, max: 4178 });
  });
});

test("ACKs are counted without NACKs", () => {
  const { packets } = build({ finishPs: [1, 1, 1, 1], totals: { acksSent: 10, nacksSent: 3 } });
  expect([packets.acks, packets.nacks]).toEqual([7, 3]);
});
