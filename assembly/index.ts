/** The whole interface of the core. Everything else crosses through linear memory, by the layout of memory/structs.ts. */
import { run } from "./memory/arena";

export { plan } from "./memory/plan";
export { begin, advanceRun as advance } from "./engine/run";

/** Address of the run's header. */
export function header(): usize {
  return changetype<usize>(run);
}
