import type { ResultDocument } from "../answer/result/document.js";
import type { ScenarioDocument } from "../scenario/schema/sections.js";
import type { Scenario } from "../scenario/types/scenario.js";
import { type Progress, phaseReporter } from "../util/progress.js";
import type { SimulationOptions } from "./options.js";
import { Simulation } from "./simulation.js";

/** What `simulate` takes beside the scenario. */
export interface SimulateOptions extends SimulationOptions {
  /**
   * Called at the start of each phase, a few times a second while it is simulated, and at the end.
   */
  readonly onProgress?: (progress: Progress) => void;
  /**
   * Ends the run early; the result then says what is known so far. Where nothing has been laid out
   * yet, `simulate` throws the signal's reason instead. See `RunOptions.signal` for what cannot be
   * broken off.
   */
  readonly signal?: AbortSignal;
  /** List every flow in the result, for collectives too. */
  readonly withFlows?: boolean;
}

/**
 * Simulates a scenario to its end.
 * @param input A parsed scenario, or plain data as it would stand in a file.
 * @returns The result; its `status` tells whether the job finished. A run that is aborted on its
 * way resolves too, as `cancelled`.
 * @throws ScenarioError where the input is wrong, PlanError or CapacityError where it cannot be
 * built, CoreTrapError on a fault of the core.
 */
export async function simulate(
  input: Scenario | ScenarioDocument,
  options: SimulateOptions = {},
): Promise<ResultDocument> {
  const { onProgress, signal, withFlows } = options;
  const simulation = await Simulation.start(input, {
    replicate: true,
    ...(onProgress && { onPhase: phaseReporter(onProgress) }),
    ...options,
  });
  try {
    await simulation.run({ ...(onProgress && { onProgress }), ...(signal && { signal }) });
    await simulation.explain({ ...(onProgress && { onProgress }), ...(signal && { signal }) });
    onProgress?.({ ...simulation.progress(), phase: "summing-up" });
    return simulation.result(withFlows === undefined ? {} : { withFlows });
  } finally {
    await simulation.close();
  }
}
