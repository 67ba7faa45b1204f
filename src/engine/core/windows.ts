/** Where in simulated time a run stands. */

import type { CoreInstance } from "./instance.js";
import { Run } from "./layout.js";

/** Everything before this instant has been simulated, nothing from it on. */
export function settledPs(core: CoreInstance): number {
  const { memory, header } = core;
  if (memory.get(header, Run.windows) === 0) return 0;
  return startOf(core, memory.get(header, Run.windowIndex) + 1);
}

/** First instant of a window. */
export function startOf({ memory, header }: CoreInstance, window: number): number {
  return Number(BigInt.asIntN(64, memory.getBig(header, Run.originPs))) + window * memory.get(header, Run.windowPs);
}
