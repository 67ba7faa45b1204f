import { describe, expect, it } from "vitest";
import { errorsOverTime, valueAt } from "../../src/build/topology/optic-drift.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { ScenarioError } from "../../src/scenario/types/errors.js";
import type { OpticDrift } from "../../src/scenario/types/faults.js";
import { type Document, PACKET_PS, planOf } from "../model/support.js";
import { runOracle } from "../oracle/run.js";
import { expectSameOutcome } from "../support/compare.js";
import { runCore } from "../support/run-core.js";

const TOPOLOGY = { kind: "leaf-spine", gpus: 4, gpusPerNode: 1, radix: 8 };
const LINK = { from: "gpu-1", to: "leaf-0" };

function document(fault: object, more: Document = {}): Document {
  return {
    version: 1,
    topology: TOPOLOGY,
    transport: { rto: "50us" },
    workload: { kind: "flows", flows: [{ src: 0, dst: 1, size: "4MiB" }] },
    faults: [fault],
    ...more,
  };
}

async function outcomeOf(fault: object, more: Document = {}) {
  const plan = planOf(document(fault, more));
  const outcome = await runCore(plan);
  expectSameOutcome(outcome, runOracle(plan));
  return outcome;
}

function refusal(fault: object, more: Document = {}): string {
  try {
    parseScenario(document(fault, more));
  } catch (error) {
    if (error instanceof ScenarioError) return error.issues.map(({ message }) => message).join("; ");
    throw error;
  }
  return "";
}

const jctPs = ({ finishPs }: { finishPs: Float64Array }) => Math.max(...finishPs);
const HEALTHY = { kind: "degraded-link", ...LINK, ber: 1e-12 };

describe("faults in time", () => {
  it("a rate that falls and recovers costs what the packets of that time take longer", async () => {
    const healthyPs = jctPs(await outcomeOf(HEALTHY));
    const slow = await outcomeOf({ kind: "degraded-link", ...LINK, rate: "100Gbps", at: "20us", until: "60us" });
    // Four times as long for each of the packets of 40 us: 30 us of the way are not made.
    expect(jctPs(slow) - healthyPs).toBeGreaterThan(30e6 - 4 * PACKET_PS);
    expect(jctPs(slow) - healthyPs).toBeLessThan(30e6 + 4 * PACKET_PS);
  });

  it("a link that flaps loses what is on the wire, and carries again", async () => {
    const flap = { kind: "link-flap", ...LINK, at: "0ns", up: "20us", down: "10us", count: 2 };
    const outcome = await outcomeOf(flap);
    expect(outcome.status).toBe("finished");
    expect(outcome.totals.droppedLinkDown).toBeGreaterThan(0);
    const listed = await outcomeOf({
      kind: "link-flap",
      ...LINK,
      times: [
        ["20us", "30us"],
        ["50us", "60us"],
      ],
    });
    expect(jctPs(listed)).toBe(jctPs(outcome));
    const once = await outcomeOf({ kind: "link-down", ...LINK, at: "20us", until: "30us" });
    expect(once.totals.droppedLinkDown).toBeLessThan(outcome.totals.droppedLinkDown + 1);
    expect(jctPs(once)).toBeLessThan(jctPs(outcome));
  });

  it("flaps at a rate are drawn from the seed", () => {
    const fault = { kind: "link-flap", ...LINK, perHour: 3.6e9, down: "1us", until: "1ms" };
    const outages = (seed: number) => {
      const [first] = parseScenario(document(fault, { seed })).scenario.faults;
      return first?.kind === "link-flap" ? first.outages : [];
    };
    expect(outages(1)).toEqual(outages(1));
    expect(outages(1)).not.toEqual(outages(2));
    // A thousand per millisecond less the times down: up for a microsecond on average, down for one.
    expect(outages(1).length).toBeGreaterThan(400);
    expect(outages(1).length).toBeLessThan(600);
  });

  it("a slow NIC sends and takes in at its rate", async () => {
    const outcome = await outcomeOf({ kind: "nic-slow", host: "gpu-1", rate: "50Gbps" });
    const healthyPs = jctPs(await outcomeOf(HEALTHY));
    expect(jctPs(outcome) / healthyPs).toBeGreaterThan(7);
    expect(jctPs(outcome) / healthyPs).toBeLessThan(8);
  });

  it("a smaller MTU drops every full packet, and the queue pair fails", async () => {
    const outcome = await outcomeOf({ kind: "mtu-mismatch", ...LINK, mtu: "1500B" });
    expect(outcome.status).toBe("qp-failed");
    expect(outcome.totals.dataDelivered).toBe(0);
    const passing = await outcomeOf({ kind: "mtu-mismatch", ...LINK, mtu: "1500B", at: "10us", until: "30us" });
    expect(passing.status).toBe("finished");
  });

  it("a switch without PFC drops what one with it pauses for; too little headroom, too", async () => {
    const incast = {
      workload: { kind: "flows", flows: [0, 2, 3].map((src) => ({ src, dst: 1, size: "2MiB" })) },
      switch: { buffer: "1MiB" },
    };
    const healthy = await outcomeOf(HEALTHY, incast);
    expect(healthy.totals.pausesSent).toBeGreaterThan(0);
    expect(healthy.totals.droppedCongestion).toBe(0);
    const off = await outcomeOf({ kind: "pfc-off", switch: "leaf-0" }, incast);
    expect(off.totals.pausesSent).toBe(0);
    expect(off.totals.droppedCongestion).toBeGreaterThan(0);
    const little = await outcomeOf({ kind: "wrong-headroom", switch: "leaf-0", headroom: "0B" }, incast);
    expect(little.totals.droppedCongestion).toBeGreaterThan(0);
  });

  it("a switch without ECN marks nothing meanwhile", async () => {
    const incast = {
      workload: { kind: "flows", flows: [0, 2, 3].map((src) => ({ src, dst: 1, size: "1MiB" })) },
      ecn: { kmin: "20KiB", kmax: "100KiB", pmax: 1 },
    };
    const marked = async (fault: object) => (await outcomeOf(fault, incast)).totals.ecnMarked;
    const all = await marked(HEALTHY);
    const some = await marked({ kind: "ecn-off", switch: "leaf-0", at: "10us", until: "30us" });
    expect(await marked({ kind: "ecn-off", switch: "leaf-0" })).toBe(0);
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(all);
  });

  it("a straggler computes slower from then on", async () => {
    const program = {
      workload: {
        kind: "program",
        roles: [{ name: "all", ranks: [0, 1], streams: [{ do: [{ repeat: 10, do: [{ compute: "10us" }] }] }] }],
      },
    };
    const ends = async (fault: object) => {
      const { programs } = await outcomeOf(fault, program);
      return [...programs!.ranks.finishPs].map((ps) => ps / 1e6);
    };
    expect(await ends({ kind: "straggler", host: "gpu-1", factor: 2 })).toEqual([100, 200]);
    // Three at the usual pace, those that begin at 30, 50 and 70 us at half of it, the rest as before.
    expect(await ends({ kind: "straggler", host: "gpu-1", factor: 2, at: "25us", until: "75us" })).toEqual([100, 130]);
  });
});

describe("an optic that drifts", () => {
  const drift: OpticDrift = {
    kind: "optic-drift",
    ...LINK,
    index: 0,
    direction: "both",
    ber: 1e-7,
    snrSlopeDbPerC: 0.1,
    temperature: [
      [0, 25_000],
      [1000, 65_000],
    ],
    contamination: [[0, 0]],
    stepPs: 250,
  };

  it("is linear between points, constant outside of them", () => {
    expect([-1, 0, 250, 1000, 2000].map((at) => valueAt(drift.temperature, at))).toEqual([
      25_000, 25_000, 35_000, 65_000, 65_000,
    ]);
  });

  it("has the error ratios of PAM4 at each temperature, rounded to 0.05 dB", () => {
    const spans = errorsOverTime(drift);
    // At 35, 45, 55 and 65 degrees: 1.7e-6, 1.6e-5, 1.0e-4 and 4.4e-4.
    expect(spans.map(({ startPs, untilPs }) => [startPs, untilPs])).toEqual([
      [250, 500],
      [500, 750],
      [750, 1000],
      [1000, Number.POSITIVE_INFINITY],
    ]);
    [1.7e-6, 1.6e-5, 1.0e-4, 4.4e-4].forEach((ber, i) => {
      expect(spans[i]!.ber / ber).toBeGreaterThan(0.9);
      expect(spans[i]!.ber / ber).toBeLessThan(1.1);
    });
    // A decibel of dirt is two of signal: 1e-7 becomes 1.6e-5.
    const dirty = errorsOverTime({ ...drift, temperature: [[0, 25_000]], contamination: [[0, 1000]] });
    expect(dirty[0]!.ber / 1.6e-5).toBeGreaterThan(0.9);
    expect(dirty[0]!.ber / 1.6e-5).toBeLessThan(1.1);
  });

  it("loses frames only where correction fails", async () => {
    const fault = { kind: "optic-drift", ...LINK, slope: 0.12, contamination: "0.5dB" };
    const clean = await outcomeOf({
      ...fault,
      temperature: [
        ["0s", "35C"],
        ["50us", "40C"],
      ],
    });
    const hot = await outcomeOf({
      ...fault,
      temperature: [
        ["0s", "35C"],
        ["50us", "70C"],
      ],
    });
    expect(clean.totals.droppedCrc).toBe(0);
    expect(hot.totals.droppedCrc).toBeGreaterThan(0);
  });
});

describe("faults that make no sense", () => {
  const cases: [string, object, RegExp, Document?][] = [
    ["no time", { kind: "link-down", ...LINK }, /write when the link goes down/],
    ["two times", { kind: "link-down", ...LINK, at: "1us", start: "1us" }, /start says the same/],
    ["an end before the start", { kind: "link-down", ...LINK, at: "2us", until: "1us" }, /write a later time/],
    ["flaps without times", { kind: "link-flap", ...LINK }, /does not say when it goes down/],
    [
      "flaps without a count",
      { kind: "link-flap", ...LINK, up: "1us", down: "1us" },
      /missing; write up, down and count/,
    ],
    ["flaps in two ways", { kind: "link-flap", ...LINK, up: "1us", times: [["1us", "2us"]] }, /in two ways/],
    [
      "flaps out of order",
      {
        kind: "link-flap",
        ...LINK,
        times: [
          ["3us", "4us"],
          ["1us", "2us"],
        ],
      },
      /times in order/,
    ],
    ["a cool, clean optic", { kind: "optic-drift", ...LINK }, /as good as new/],
    [
      "points out of order",
      {
        kind: "optic-drift",
        ...LINK,
        temperature: [
          ["2us", "50C"],
          ["1us", "60C"],
        ],
      },
      /in order/,
    ],
    ["a straggler without work", { kind: "straggler", host: 1, factor: 2 }, /ranks compute nothing/],
    ["pauses that are off", { kind: "pfc-off", switch: "leaf-0" }, /no switch sends pauses/, { preset: "lossy" }],
    ["marks that are off", { kind: "ecn-off", switch: "leaf-0" }, /no switch marks/, { ecn: "off" }],
    [
      "a rate that changes under hpcc",
      { kind: "nic-slow", host: 1, rate: "50Gbps", at: "5us" },
      /hpcc reckons the load/,
      { transport: { congestionControl: { kind: "hpcc" } } },
    ],
    [
      "convergence in the wrong order",
      { kind: "link-down", ...LINK, at: "1us" },
      /write a longer time/,
      { routing: { convergence: { local: "2us", global: "1us" } } },
    ],
  ];
  it.each(cases)("are refused with a message: %s", (_, fault, message, more) => {
    expect(refusal(fault, more)).toMatch(message);
  });

  it("name what does not exist, or would be better than it is", () => {
    const plan = (fault: object) => () => planOf(document(fault));
    expect(plan({ kind: "switch-down", switch: "spine-7" })).toThrow(/there is no device "spine-7"/);
    expect(plan({ kind: "switch-down", switch: "gpu-1" })).toThrow(/is no switch/);
    expect(plan({ kind: "nic-slow", host: 1, rate: "800Gbps" })).toThrow(/better than the 400/);
    expect(plan({ kind: "mtu-mismatch", ...LINK, mtu: "9000B" })).toThrow(/lets all packets/);
    expect(plan({ kind: "wrong-headroom", switch: "leaf-0", headroom: "60MiB" })).toThrow(/do not fit/);
  });

  it("state one thing of one link twice at one time, but not at different times", () => {
    const rate = (at: string, until: string) => ({ kind: "degraded-link", ...LINK, rate: "100Gbps", at, until });
    const both = (faults: object[]) => () => planOf({ ...document({}), faults });
    expect(both([rate("1us", "5us"), rate("4us", "6us")])).toThrow(/state the rate/);
    expect(both([rate("1us", "5us"), rate("5us", "6us")])).not.toThrow();
  });
});
