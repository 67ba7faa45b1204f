/** Formats that `heddle export` writes. */
import type { RunPlan } from "../../plan/plan.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import type { Exported } from "./exported.js";
import { exportGoal } from "./goal.js";
import { exportHtsim } from "./htsim.js";

export interface ExportFormat {
  readonly sentence: string;
  /** @throws PlanError where the format has no word for something */
  write(plan: RunPlan, scenario: Scenario): Exported;
}

export const EXPORT_FORMATS: Readonly<Record<string, ExportFormat>> = {
  goal: { sentence: "GOAL text, for LogGOPSim and ATLAHS: messages, computations and their order.", write: exportGoal },
  htsim: {
    sentence: "A connection matrix (.cm) of htsim: a connection for each message, started by triggers.",
    write: exportHtsim,
  },
};
