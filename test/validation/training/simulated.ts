/** What heddle said of the measured steps when they were last simulated. */
import { readFileSync, writeFileSync } from "node:fs";
import { parseScenario, simulate } from "../../../src/index.js";

export interface SimulatedStep {
  readonly seconds: number;
  readonly mfu: number;
  /** Shares of the step in which GPUs compute and wait, by cause. */
  readonly shares: Readonly<Record<string, number>>;
  readonly digest: string;
  /** CPU time of the run. */
  readonly cpuSeconds: number;
}

const FILE = new URL("../../data/training/simulated-steps.json", import.meta.url);

export type SimulatedSteps = Record<string, SimulatedStep>;

export function readSimulated(): SimulatedSteps {
  return JSON.parse(readFileSync(FILE, "utf8")) as SimulatedSteps;
}

/** Adds a step to those of the file. */
export function writeSimulated(key: string, step: SimulatedStep): void {
  writeFileSync(FILE, `${JSON.stringify({ ...readSimulated(), [key]: step }, null, 2)}\n`);
}

export async function simulateStep(document: object): Promise<SimulatedStep> {
  const before = process.cpuUsage();
  const { training, engine } = await simulate(parseScenario(document).scenario);
  const { user, system } = process.cpuUsage(before);
  const { stepNs, mfu, idle, gpuUtilisation } = training!;
  const waits = idle.filter(({ share }) => share > 0.0005).map(({ cause, share }) => [cause, Number(share.toFixed(3))]);
  return {
    ...{ seconds: stepNs / 1e9, mfu: Number(mfu.toFixed(4)), digest: engine.digest },
    shares: { computes: Number(gpuUtilisation.toFixed(3)), ...Object.fromEntries(waits) },
    cpuSeconds: Number(((user + system) / 1e6).toFixed(1)),
  };
}
