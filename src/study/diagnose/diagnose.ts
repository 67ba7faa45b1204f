/** Finds what made a run slower than a healthy one, from telemetry alone. */
import type { ResultDocument } from "../../answer/result/document.js";
import { parseScenario } from "../../scenario/parse/parse.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import type { Progress } from "../../util/progress.js";
import { DiagnoseError } from "./errors.js";
import { isHard, type Suspect, suspectsOf } from "./suspects.js";
import { type Telemetry, telemetryOf } from "./telemetry.js";

export interface DiagnosisDocument {
  readonly schema: "heddle.diagnosis/1";
  readonly scenario: string;
  readonly jctNs: number;
  readonly healthyJctNs: number;
  readonly finished: boolean;
  /** Of the healthy run: more than 1 is slower. */
  readonly slowdown: number;
  readonly suspects: readonly Suspect[];
  readonly suspectsLeftOut?: number;
  /** What is to be taken out of service to be sure: devices of the suspects with hard evidence. */
  readonly evict: readonly string[];
}

const SUSPECTS_MAX = 20;

/** Which of the two runs is under way. */
export type DiagnosedRun = "healthy run" | "run to explain";

export interface DiagnoseOptions {
  readonly signal?: AbortSignal;
  /** Told in the course of both runs, one after the other. */
  readonly onProgress?: (progress: Progress, run: DiagnosedRun) => void;
}

/**
 * @param healthy Undefined: the scenario of the result without its faults, as it was planned.
 * @returns undefined where the signal aborts
 * @throws DiagnoseError where a result does not carry its scenario, or the two are of other fabrics
 */
export async function diagnoseResult(
  result: ResultDocument,
  healthy: ResultDocument | undefined,
  { signal, onProgress }: DiagnoseOptions = {},
): Promise<DiagnosisDocument | undefined> {
  const scenario = scenarioOf(result, "the result");
  const planned = healthy === undefined ? withoutFaults(result) : scenarioOf(healthy, "the healthy result");
  const observe = (which: Scenario, run: DiagnosedRun) =>
    telemetryOf(which, signal, onProgress && ((progress) => onProgress(progress, run)));
  const before = await observe(planned, "healthy run");
  const now = before && (await observe(scenario, "run to explain"));
  if (now === undefined || before === undefined) return undefined;
  return { scenario: result.scenario.name, ...diagnose(now, before) };
}

/** @throws DiagnoseError where the two are not of one fabric */
export function diagnose(now: Telemetry, before: Telemetry): Omit<DiagnosisDocument, "scenario"> {
  const isSame =
    now.ports.length === before.ports.length && now.ports.every(({ from }, i) => from === before.ports[i]!.from);
  if (!isSame) {
    throw new DiagnoseError("the healthy result is of another fabric; give one of the same scenario without the fault");
  }
  const suspects = suspectsOf(now, before);
  const hard = suspects.filter(isHard);
  const group = hard.length > 0 ? hard : suspects.slice(0, 1);
  return {
    schema: "heddle.diagnosis/1",
    jctNs: now.jctNs,
    healthyJctNs: before.jctNs,
    finished: now.finished,
    slowdown: now.jctNs / before.jctNs,
    suspects: suspects.slice(0, SUSPECTS_MAX),
    ...(suspects.length > SUSPECTS_MAX && { suspectsLeftOut: suspects.length - SUSPECTS_MAX }),
    evict: [...new Set(group.flatMap(({ parts }) => parts))],
  };
}

function scenarioOf({ scenario }: ResultDocument, what: string): Scenario {
  return parsed(scenario.document, what);
}

function withoutFaults({ scenario }: ResultDocument): Scenario {
  const { document } = scenario;
  if (typeof document !== "object" || document === null) return parsed(document, "the result");
  const { faults: _, ...planned } = document as Record<string, unknown>;
  return parsed(planned, "the result");
}

function parsed(document: unknown, what: string): Scenario {
  if (document === undefined) {
    throw new DiagnoseError(`${what} does not carry its scenario, as a program made it; write the scenario as a file`);
  }
  return parseScenario(document).scenario;
}
