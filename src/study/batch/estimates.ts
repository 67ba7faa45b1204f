/** Estimates of many scenarios, by the workers of a pool. */
import type { RunEstimate } from "../../api/estimate.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import type { Fault } from "../../util/heddle-error.js";
import { RunError } from "./errors.js";
import type { RunPool } from "./pool.js";

/** What ends the estimates early, and who is told how far they are. */
export interface EstimatesOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called as estimates come in: how many there are, of all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * The estimate of each scenario, or why it cannot be built, in order.
 * @param options what ends them early, and who is told how far they are
 * @throws where a worker ended, and an AbortError when the signal has come
 */
export async function estimateAll(
  pool: RunPool,
  scenarios: readonly Scenario[],
  { signal, onProgress }: EstimatesOptions = {},
): Promise<(RunEstimate | Fault)[]> {
  const results: (RunEstimate | Fault)[] = new Array(scenarios.length);
  let [next, done] = [0, 0];
  const lane = async () => {
    while (next < scenarios.length) {
      signal?.throwIfAborted();
      const index = next++;
      try {
        results[index] = await pool.estimate(scenarios[index]!, signal);
      } catch (error) {
        if (!(error instanceof RunError)) throw error;
        results[index] = error.fault;
      }
      done += 1;
      onProgress?.(done, scenarios.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(pool.workers, scenarios.length) }, lane));
  return results;
}

/** Whether an entry of `estimateAll` is the reason why there is no estimate. */
export function isFault(result: RunEstimate | Fault): result is Fault {
  return "message" in result;
}
