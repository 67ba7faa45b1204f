import { beforeAll, describe, expect, it } from "vitest";
import { Dcqcn, Sender } from "../../src/engine/core/layout.js";
import { planOf, WIRE_BYTES } from "../model/support.js";
import { watchCore } from "../support/inspect-core.js";
import { incast } from "./incast.js";
import { mean } from "./probed-incast.js";

/** Line rate in bytes per ps. */
const LINE_RATE = 0.05;
const GAIN = 1 / 256;
const ALPHA_PERIOD_PS = 55e6;
const STEP_PS = 2e6;

interface Sample {
  readonly nowPs: number;
  /** As shares of the line rate. */
  readonly rate: number;
  readonly target: number;
  readonly alpha: number;
  readonly timerStage: number;
  readonly byteStage: number;
  readonly acked: number;
}

/** What DCQCN holds of each sender, every 2 us until `untilPs`. */
async function trace(senders: number, dcqcn: object, untilPs: number, more: object = {}): Promise<Sample[][]> {
  const plan = planOf(
    incast(
      senders,
      2e9,
      {},
      {
        transport: { window: "unlimited", congestionControl: { kind: "dcqcn", ...dcqcn } },
        switch: {},
        ...more,
      },
    ),
  );
  const samples: Sample[][] = Array.from({ length: senders }, () => []);
  await watchCore(plan, STEP_PS, ({ nowPs, sender, control }) => {
    samples.forEach((ofSender, flow) => {
      ofSender.push({
        nowPs,
        rate: control(flow, Dcqcn.currentRate) / LINE_RATE,
        target: control(flow, Dcqcn.targetRate) / LINE_RATE,
        alpha: control(flow, Dcqcn.alpha),
        timerStage: control(flow, Dcqcn.timerStage),
        byteStage: control(flow, Dcqcn.byteStage),
        acked: sender(flow, Sender.acked),
      });
    });
    return nowPs < untilPs;
  });
  return samples;
}

/** The samples before and after each cut of a rate. */
function cutsOf(samples: readonly Sample[]) {
  return pairs(samples)
    .map(([before, after]) => ({ before, after }))
    .filter(({ before, after }) => after.rate < before.rate);
}

const pairs = <T>(items: readonly T[]) => items.slice(1).map((after, i) => [items[i]!, after] as const);

/**
 * Zhu et al., SIGCOMM 2015: the sender's rules of section 3.1, and two flows at equal shares as
 * their fixed point (section 5). Parameters are those of the paper, but for the increase and the
 * thresholds, which go with the rate.
 */
describe("dcqcn's rates in a 2-to-1 incast", () => {
  const END_PS = 80e9;
  /** Alpha comes from 1 to where it stays by 1/256 every 55 us: by a factor of e every 14 ms. */
  const SETTLED_PS = END_PS / 2;
  let flows: Sample[][];
  let settled: Sample[][];

  const since = (fromPs: number) => flows.map((samples) => samples.filter(({ nowPs }) => nowPs > fromPs));

  beforeAll(async () => {
    flows = await trace(2, {}, END_PS);
    settled = since(SETTLED_PS);
  });

  it("go to half of the link each, within 5 %, as do the bytes that arrive", () => {
    for (const samples of since(END_PS / 8)) {
      expect(Math.abs(mean(samples.map(({ rate }) => rate)) / 0.5 - 1)).toBeLessThan(0.05);
      const [first, last] = [samples[0]!, samples.at(-1)!];
      const arrived = ((last.acked - first.acked) * WIRE_BYTES) / (last.nowPs - first.nowPs) / LINE_RATE;
      expect(Math.abs(arrived / 0.5 - 1)).toBeLessThan(0.05);
    }
  });

  it("saw around it: their mean crosses half of the link up and down in every millisecond", () => {
    const [first, second] = settled as [Sample[], Sample[]];
    const means = first.map(({ rate }, i) => (rate + second[i]!.rate) / 2);
    const perMs = 1e9 / STEP_PS;
    for (let from = 0; from + perMs <= means.length; from += perMs) {
      const span = means.slice(from, from + perMs);
      expect(Math.max(...span)).toBeGreaterThan(0.5);
      expect(Math.min(...span)).toBeLessThan(0.5);
    }
  });

  it("are cut by an alpha that is where its decay and notifications balance: g / (1 - (1-g)^(decays + 1))", () => {
    for (const samples of settled) {
      const cuts = cutsOf(samples);
      expect(cuts.length).toBeGreaterThan(50);
      const decays = pairs(cuts).map(([a, b]) => Math.floor((b.after.nowPs - a.after.nowPs) / ALPHA_PERIOD_PS));
      const balance = GAIN / (1 - (1 - GAIN) ** (mean(decays) + 1));
      expect(Math.abs(mean(cuts.map(({ before }) => before.alpha)) / balance - 1)).toBeLessThan(0.1);
    }
  });

  it("are cut by half of alpha, from what becomes the target", () => {
    for (const { after } of flows.flatMap(cutsOf)) {
      const alpha = (after.alpha - GAIN) / (1 - GAIN);
      expect(after.rate / after.target).toBeCloseTo(1 - alpha / 2, 10);
    }
  });

  it("recover half of the way to the target, which rises after five stages", () => {
    let recoveries = 0;
    for (const [before, after] of flows.flatMap(pairs)) {
      const stages = (sample: Sample) => sample.timerStage + sample.byteStage;
      if (after.rate < before.rate || stages(after) !== stages(before) + 1) continue;
      recoveries += 1;
      expect(after.rate).toBeCloseTo((after.target + before.rate) / 2, 10);
      const raised = Math.max(after.timerStage, after.byteStage) >= 5;
      expect(after.target - before.target).toBeCloseTo(raised ? Math.min(0.001, 1 - before.target) : 0, 10);
    }
    expect(recoveries).toBeGreaterThan(50);
  });
});

describe("dcqcn's alpha", () => {
  const MARK_ALL = { ecn: { kmin: "0B", kmax: "0B", pmax: 1 } };
  /** A notification every 50 us, which comes before alpha's timer. */
  const ALWAYS = { initialAlpha: 0.1, gain: 1 / 16, minRate: "250Gbps", alphaPeriod: "100us", cnpInterval: "50us" };

  it("goes to 1 with a notification every period: 1 - (1-g)^n (1 - alpha_0)", async () => {
    const [samples] = await trace(2, ALWAYS, 8e9, MARK_ALL);
    const values = [...new Set(samples!.map(({ alpha }) => alpha))];
    expect(values.length).toBeGreaterThan(100);
    for (const [n, alpha] of values.entries()) expect(alpha).toBeCloseTo(1 - (15 / 16) ** n * 0.9, 10);
    expect(values.at(-1)).toBeGreaterThan(0.995);
  });

  it("decays by (1-g) a period without one", async () => {
    // One notification, at the first packets: the second would come after the end.
    const [samples] = await trace(2, { ...ALWAYS, cnpInterval: "1s" }, 4e9, MARK_ALL);
    const values = [...new Set(samples!.map(({ alpha }) => alpha))].slice(1);
    expect(values.length).toBeGreaterThan(35);
    for (const [n, alpha] of values.entries()) expect(alpha).toBeCloseTo(((0.1 * 15 + 1) / 16) * (15 / 16) ** n, 10);
  });
});
