/** What optical modules tell of themselves, against closed forms and against the run. */
import { describe, expect, it } from "vitest";
import type { TelemetryRow } from "../../src/answer/telemetry/columns.js";
import { OCTETS_PER_CODEWORD, symbolErrorHistogram } from "../../src/build/physics/fec.js";
import { laserBiasMa } from "../../src/build/physics/laser.js";
import { opticSnrDb } from "../../src/build/physics/pam4.js";
import { parseScenario, type ScenarioDocument, Simulation } from "../../src/index.js";
import { scenarioDigest } from "../../src/scenario/parse/digest.js";
import { metricsOf } from "../../src/study/sweep/row.js";

const BASE = {
  topology: { kind: "leaf-spine", gpus: 4, gpusPerNode: 1, radix: 8 },
  transport: { kind: "roce", rto: "200us" },
  workload: { kind: "collective", collective: "all-reduce", algorithm: "ring", size: "8MiB" },
} as const;

/** 0.1 dB a degree, 50 degrees in 0.2 ms. */
const DRIFT = {
  kind: "optic-drift",
  from: "gpu-1",
  to: "leaf-0",
  slope: 0.1,
  temperature: [
    ["0s", "25C"],
    ["200us", "75C"],
  ],
} as const;

const OPTICS = { txPower: 1, linkLoss: "0.5dB", laser: { bias: 60, threshold: 20, characteristic: 50 } } as const;

async function observed(scenario: object, everyNs = 10_000) {
  const rows: TelemetryRow[] = [];
  const onRows = (some: Iterable<TelemetryRow>) => void rows.push(...some);
  const telemetry = { everyNs, kinds: ["optic"] as const, onRows };
  const simulation = await Simulation.start({ ...BASE, ...scenario } as ScenarioDocument, { telemetry });
  await simulation.run();
  const result = simulation.result();
  await simulation.close();
  const ofModule = (name: string) => rows.filter((row) => row.name === name);
  return { rows, result, warm: ofModule("gpu-1 -> leaf-0"), far: ofModule("leaf-0 -> gpu-1") };
}

async function run(scenario: object) {
  const simulation = await Simulation.start({ ...BASE, ...scenario } as ScenarioDocument);
  await simulation.run();
  await simulation.close();
  return simulation.result();
}

describe("the laser", () => {
  it("needs more current as its threshold grows with temperature", () => {
    const laser = { biasMa: 60, thresholdMa: 20, characteristicK: 50 };
    expect(laserBiasMa(laser, 25)).toBeCloseTo(60, 12);
    expect(laserBiasMa(laser, 75)).toBeCloseTo(40 + 20 * Math.E, 12);
    expect(laserBiasMa(laser, -25)).toBeCloseTo(40 + 20 / Math.E, 12);
  });
});

describe("telemetry of optics", () => {
  it("follows the profiles of the fault, and changes nothing in the run", async () => {
    const contamination = [
      ["0s", "0dB"],
      ["200us", "1dB"],
    ];
    const scenario = { faults: [{ ...DRIFT, slope: 0.06, contamination }], optics: OPTICS };
    const { rows, result, warm, far } = await observed(scenario);
    expect(result.engine.digest).toBe((await run(scenario)).engine.digest);
    expect(rows.length).toBe(warm.length + far.length);
    const [at] = warm.filter(({ toNs }) => toNs === 100_000);
    expect(at).toMatchObject({ temperatureC: 50, txPowerDbm: 1, rxLossDb: 0.5, rxPowerDbm: 0 });
    expect(at!.txBiasMa).toBeCloseTo(40 + 20 * Math.exp(0.5), 9);
    const state = { preFecBer: 1e-7, snrSlopeDbPerC: 0.06, temperatureC: 50, contaminationDb: 0.5 };
    // In steps of a 64th of the profile, rounded to 0.05 dB.
    expect(Math.abs((at!.snrDb as number) - opticSnrDb(state))).toBeLessThan(0.1);
    // The other module is not warm, and receives the same light through the same dirt.
    const [other] = far.filter(({ toNs }) => toNs === 100_000);
    expect(other).toMatchObject({ temperatureC: null, txBiasMa: null, rxPowerDbm: 0, preFecBer: at!.preFecBer });
  });

  it("counts codewords by symbol errors as the binomial distribution has them", async () => {
    const { warm } = await observed({ links: { access: { ber: 1e-4 } } });
    const { fromNs, toNs, ...row } = warm[1]!;
    const codewords = (400e9 / (8 * OCTETS_PER_CODEWORD)) * ((Number(toNs) - Number(fromNs)) / 1e9);
    const shares = symbolErrorHistogram(1e-4);
    for (let errors = 0; errors <= 15; errors++) {
      expect(Number(row[`fecBin${errors}`]) / codewords).toBeCloseTo(shares[errors]!, 12);
    }
    // The vectors of IEEE 802.3: P0 .58, P1 .316, P2 .086, P4 2.1e-3.
    [0.58, 0.316, 0.086].forEach((share, i) => {
      expect(Number(row[`fecBin${i}`]) / codewords).toBeCloseTo(share, 3);
    });
    expect(row).toMatchObject({ preFecBer: 1e-4, temperatureC: null, rxLossDb: null, flags: "preFecBer-warning" });
  });

  it("raises the flags of the lines that are written", async () => {
    const optics = {
      ...OPTICS,
      warning: { temperature: "40C", preFecBer: 1e-5, rxPower: 0.1, bias: 70 },
      alarm: { temperature: "60C", preFecBer: 1e-4, rxPower: 0, bias: 80 },
    };
    const contamination = [
      ["0s", "0dB"],
      ["200us", "1dB"],
    ];
    const { warm } = await observed({ faults: [{ ...DRIFT, slope: 0.02, contamination }], optics });
    const flagsAt = (ns: number) => warm.find(({ toNs }) => toNs === ns)!.flags;
    expect(flagsAt(50_000)).toBeNull();
    expect(flagsAt(60_000)).toBe("temperature-warning");
    expect(flagsAt(90_000)).toBe("temperature-warning txBias-warning rxPower-warning");
    expect(flagsAt(100_000)).toBe("rxPower-alarm temperature-warning txBias-warning");
    expect(flagsAt(150_000)).toBe("temperature-alarm txBias-alarm rxPower-alarm preFecBer-warning");
  });

  it("has rows of no module whose line has no errors", async () => {
    expect((await observed({})).rows).toEqual([]);
    const { rows } = await observed({ links: { access: { optic: "dac", ber: 1e-6 } }, optics: OPTICS });
    expect(new Set(rows.map(({ txPowerDbm, txBiasMa }) => txPowerDbm ?? txBiasMa))).toEqual(new Set([null]));
  });
});

describe("early warning", () => {
  it("is the time from the alarm to the first lost frame", async () => {
    const { result, warm, far } = await observed({ faults: [DRIFT] }, 1000);
    const optics = new Map(result.optics!.map((optic) => [optic.link, optic]));
    expect([...optics.keys()].sort()).toEqual(["gpu-1 -> leaf-0", "leaf-0 -> gpu-1"]);
    // What a module receives is the other direction.
    for (const [rows, link] of [
      [warm, "leaf-0 -> gpu-1"],
      [far, "gpu-1 -> leaf-0"],
    ] as const) {
      const { firstLossNs, lostFrames, alarmNs, leadNs } = optics.get(link)!;
      const lost = rows.filter(({ droppedCrc }) => Number(droppedCrc) > 0);
      expect(lost.reduce((sum, row) => sum + Number(row.droppedCrc), 0)).toBe(lostFrames);
      // Counted when the frame begins to leave, at most its 84 ns before.
      expect(firstLossNs! - 85).toBeLessThanOrEqual(Number(lost[0]!.toNs));
      expect(firstLossNs!).toBeGreaterThan(Number(lost[0]!.fromNs));
      expect(leadNs).toBeCloseTo(firstLossNs! - alarmNs!, 6);
      const alarmed = rows.find(({ flags }) => String(flags).includes("preFecBer-alarm"))!;
      expect(alarmNs).toBeGreaterThanOrEqual(Number(alarmed.fromNs));
      expect(alarmNs).toBeLessThan(Number(alarmed.toNs));
    }
    // 21.17 dB at 25 degrees, 17.655 at the alarm: 35.1 degrees later, 140.6 us, within a step.
    expect(Math.abs(optics.get("gpu-1 -> leaf-0")!.alarmNs! - 140_600)).toBeLessThan(200_000 / 64 + 2000);
    const first = Math.min(...result.optics!.map(({ firstLossNs }) => firstLossNs!));
    expect(metricsOf(result)).toMatchObject({ opticFirstLossNs: first, opticAlarmNs: result.optics![0]!.alarmNs });
    expect(result.faults![0]!.text).toMatch(/its errors came to the alarm at .* us, .* us after|before the first/);
  });

  it("says so where no frame was lost, and where the line was never reached", async () => {
    const mild = { ...DRIFT, temperature: [["0s", "30C"]] };
    const result = await run({ faults: [mild] });
    expect(result.optics![0]).toMatchObject({ lostFrames: 0, alarmNs: null, firstLossNs: null, leadNs: null });
    expect(metricsOf(result)).toMatchObject({ opticLeadNs: null });
    expect(result.faults![0]!.text).not.toContain("alarm");
    expect(metricsOf(await run({}))).not.toHaveProperty("opticLeadNs");
  });
});

describe("lines that are written", () => {
  const wrong = (optics: object) => {
    try {
      parseScenario({ ...BASE, optics } as never);
    } catch (cause) {
      return String((cause as Error).message);
    }
    return "";
  };

  it("are refused where they say nothing, or a warning comes after its alarm", () => {
    expect(wrong({ alarm: { preFecBer: 1e-5 } })).toContain("the warning lies beyond the alarm");
    expect(wrong({ warning: { temperature: "80C" } })).toContain("optics.warning.temperature");
    expect(wrong({ alarm: { rxPower: -6 } })).toContain("write txPower and linkLoss, too");
    expect(wrong({ warning: { bias: 90 } })).toContain("write laser, too");
    expect(wrong({ ...OPTICS, laser: { ...OPTICS.laser, threshold: 61 } })).toContain("is above the bias");
    expect(wrong({ ...OPTICS, warning: { rxPower: -8 }, alarm: { rxPower: -6 } })).toContain("beyond the alarm");
    expect(wrong({ ...OPTICS, alarm: { rxPower: -6 } })).toBe("");
  });

  it("do not change what a scenario is called by", () => {
    const digest = (scenario: object) => scenarioDigest(parseScenario({ ...BASE, ...scenario } as never).scenario);
    expect(digest({ optics: {} })).toBe(digest({}));
    expect(digest({ optics: { txPower: 1 } })).not.toBe(digest({}));
  });
});
