import { expect, it } from "vitest";
import {
  bestInterval,
  dalyInterval,
  exactGoodput,
  expectedTrainingTimeRatio,
  firstOrderGoodput,
  youngInterval,
} from "../../src/answer/availability/closed-forms.js";
import { playCourse } from "../../src/answer/availability/monte-carlo.js";
import {
  type AvailabilityReport,
  describeAvailability,
  formatAvailability,
  type ScenarioDocument,
} from "../../src/index.js";

const HOUR = 1;
const MINUTE = 1 / 60;

function report(gpus: number, rest: object = {}): AvailabilityReport {
  return describeAvailability({
    topology: { kind: "fat-tree", gpus },
    workload: { kind: "collective", collective: "all-reduce", size: "1MB" },
    ...rest,
  } as ScenarioDocument);
}

it("scales the interruptions of Llama 3", () => {
  const table = [
    [1024, 49.5],
    [8192, 6.2],
    [16_384, 3.09],
    [24_576, 2.06],
    [32_768, 1.55],
  ] as const;
  for (const [gpus, mttiHours] of table) {
    expect(Math.abs(report(gpus, { availability: { runs: 10 } }).mttiHours! / mttiHours - 1)).toBeLessThan(0.005);
  }
});

it("scales the failures of Meta's research clusters", () => {
  const mtti = (gpus: number, rates: string) => report(gpus, { availability: { rates, runs: 10 } }).mttiHours!;
  // 24 h / (0.0065 * N/8).
  expect(mtti(16_384, "meta-rsc-1")).toBeCloseTo(24 / (0.0065 * 2048), 6);
  expect(mtti(16_384, "meta-rsc-1")).toBeCloseTo(1.8, 1);
  expect(mtti(32_768, "meta-rsc-1")).toBeCloseTo(0.9, 1);
  expect(mtti(1024, "meta-rsc-2")).toBeCloseTo(24 / (0.00234 * 128), 6);
});

it("has Young's interval of 32,768 GPUs at 13.6 minutes", () => {
  const { intervals } = report(32_768, { checkpoint: { write: "60s" }, availability: { runs: 10 } });
  expect(intervals!.young * 60).toBeCloseTo(13.6, 1);
  expect(intervals!.best).toBeLessThan(intervals!.young);
  expect(intervals!.daly / intervals!.best).toBeCloseTo(1, 2);
});

it("loses a third of the time with hourly checkpoints at 32,768 GPUs", () => {
  const times = { intervalHours: HOUR, writeHours: 0, restartHours: 0 };
  // To first order 0.5 h / 1.55 h.
  expect(1 - firstOrderGoodput(times, 1.55)).toBeCloseTo(0.32, 2);
  expect(1 - exactGoodput(times, 1.55)).toBeCloseTo(0.289, 2);
});

it("has a best interval that no other beats", () => {
  for (const mttiHours of [0.2, 1.55, 20, 1000]) {
    const times = { writeHours: MINUTE, restartHours: 10 * MINUTE };
    const best = bestInterval(times, mttiHours);
    const at = (intervalHours: number) => exactGoodput({ ...times, intervalHours }, mttiHours);
    for (const factor of [0.5, 0.9, 0.99, 1.01, 1.1, 2]) expect(at(best * factor)).toBeLessThan(at(best));
    expect(dalyInterval(MINUTE, mttiHours) / best).toBeCloseTo(1, 1);
    expect(youngInterval(MINUTE, mttiHours)).toBeGreaterThan(best);
  }
});

it("agrees to first order with E[ETTR] where failures are rare", () => {
  const times = { intervalHours: HOUR, writeHours: MINUTE, restartHours: 10 * MINUTE };
  const exact = exactGoodput(times, 1000);
  expect(firstOrderGoodput(times, 1000)).toBeCloseTo(exact, 3);
  expect(expectedTrainingTimeRatio(times, 1000)).toBeCloseTo(exact, 4);
});

it("plays courses whose mean is the exact closed form", () => {
  for (const mttiHours of [0.5, 1.55, 12]) {
    const times = { intervalHours: 0.5, writeHours: 2 * MINUTE, restartHours: 10 * MINUTE };
    const course = { ...times, horizonHours: 2000, interruptionsPerHour: 1 / mttiHours };
    const goodputs = Array.from(
      { length: 100 },
      (_, run) => playCourse({ ...course, stallsPerHour: 0, stallHours: 0 }, 1, run).goodput,
    );
    const mean = goodputs.reduce((sum, each) => sum + each, 0) / goodputs.length;
    const deviation = Math.sqrt(goodputs.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 99 / 100);
    expect(Math.abs(mean - exactGoodput(times, mttiHours))).toBeLessThan(4 * deviation);
  }
});

it("accounts for every hour of a course", () => {
  for (let run = 0; run < 50; run++) {
    const times = { intervalHours: 0.7, writeHours: 0.05, restartHours: 0.2 };
    const course = { ...times, horizonHours: 300, interruptionsPerHour: 0.6, stallsPerHour: 2, stallHours: 0.03 };
    const { goodput, lostHours, restartHours, writeHours, stalledHours } = playCourse(course, 7, run);
    expect(goodput * 300 + lostHours + restartHours + writeHours + stalledHours).toBeCloseTo(300, 8);
  }
});

it("stands still for flaps that a job survives", () => {
  const stalls = { count: 100, flapsPerHour: 0.5, down: "20s", fatalShare: 0 };
  const { goodput, timeShares, mttiHours } = report(1024, {
    checkpoint: { write: "0s" },
    availability: { rates: "none", unstableLinks: stalls, horizon: "60d", runs: 20 },
  });
  expect(mttiHours).toBeNull();
  // 50 an hour of 20 s each, on the clock of a job that does not stall twice at once.
  expect(goodput.exact).toBeCloseTo(1 / (1 + (50 * 20) / 3600), 6);
  expect(goodput.monteCarlo.mean).toBeCloseTo(goodput.exact, 2);
  expect(timeShares.kept + timeShares.stalled).toBeCloseTo(1, 9);
});

it("counts the parts of the network", () => {
  const availability = { rates: "none", network: "parts", opticFailures: 0.02, runs: 10, horizon: "365d" };
  const { causes } = report(1024, { availability, links: { access: { optic: "dr4", length: "10m" } } });
  const optics = causes.filter(({ cause }) => cause.endsWith("ends"));
  const perYear = optics.reduce((sum, { perHour }) => sum + perHour * 8766, 0);
  // Two tiers: 4 ends for each GPU, all optical.
  expect(perYear).toBeCloseTo(0.02 * 4 * 1024, 6);
});

it("refuses a formula for the interval of a job that nothing interrupts", () => {
  expect(() => report(64, { checkpoint: { interval: "young" }, availability: { rates: "none" } })).toThrow(
    /nothing interrupts this job, so young gives no interval/,
  );
});

it("is printed", () => {
  const text = formatAvailability(report(16_384, { availability: { horizon: "54d", runs: 10 } }));
  expect(text).toContain("16,384 GPUs over 54.0 d; interrupted every 3.09 h");
  expect(text).toMatch(/^ {2}gpu +148 /m);
});
