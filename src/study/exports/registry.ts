/** Formats that `heddle export` writes. */
import type { RunPlan } from "../../plan/plan.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { exportGoal } from "./goal.js";

/** A text in the format of another program. */
export interface Exported {
  /** Its parts, in order. */
  readonly text: Iterable<string>;
  /** What it leaves out, a sentence each. */
  readonly notes: readonly string[];
}

export interface ExportFormat {
  readonly sentence: string;
  /** @throws PlanError where the format has no word for something */
  write(plan: RunPlan, scenario: Scenario): Exported;
}

export const EXPORT_FORMATS: Readonly<Record<string, ExportFormat>> = {
  goal: { sentence: "GOAL text, for LogGOPSim and ATLAHS: messages, computations and their order.", write: exportGoal },
};
