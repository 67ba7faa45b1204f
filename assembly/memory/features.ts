/**
 * The core is compiled twice. The lean core leaves out what most runs do without; TypeScript takes
 * it for those (`src/engine/core/lean.ts`). Both have the same records and the same behaviour, so
 * that a run may go on in the other.
 */
import { run } from "./arena";

/**
 * Whether this is the full core. What is set only where this holds the compiler takes for a
 * constant in the lean one.
 */
export const FULL: bool = !isDefined(LEAN);

/** Whether the run uses what the lean core is without. */
export function needsFull(): bool {
  return (
    run.congestionControl != 0 ||
    run.messageOverheads != 0 ||
    run.watchMode != 0 ||
    run.detourGroups != 0 ||
    run.marksAtQueue != 0 ||
    run.classCount != 1 ||
    run.ackMarked != 0 ||
    run.moveCount != 0 ||
    (run.creditBlockBytes | run.pauseClockCount | run.stallCount | run.sprayingBytes | run.tagBytes | run.pullQuanta) !=
      0 ||
    (run.flowletBytes | run.remoteBytes | run.stateWords | run.programRankCount | run.reductionNodeCount) != 0
  );
}
