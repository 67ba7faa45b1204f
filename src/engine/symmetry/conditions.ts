/**
 * What must not happen in a run that stands for others, since it would not happen to all of them
 * alike.
 */
import type { Outcome } from "../../plan/outcome.js";
import type { RunPlan } from "../../plan/plan.js";
import type { Symmetry } from "./symmetry.js";

/**
 * What has happened, in a few words; null where nothing has.
 * @param outcome Of one of the symmetry's folds, at any time.
 * @param isAtRest Whether nothing is left to happen; known at the end only.
 */
export function whatBreaks(symmetry: Symmetry, plan: RunPlan, outcome: Outcome, isAtRest: boolean): string | null {
  const { totals, status } = outcome;
  const { ecn, flowControl } = plan;
  if (ecn !== null && drawsMarks(plan, outcome)) return "switches draw which packets to mark";
  if (flowControl.victim !== "arriving") {
    if (totals.trimmed > 0) return "switches draw which packets to trim";
    if (totals.droppedCongestion > 0) return "switches draw which packets to drop";
  }
  if (status === "qp-failed") return "a queue pair failed";
  if (!symmetry.whole) {
    if (totals.pausesSent > 0) return "a switch paused a port";
    if (totals.droppedCongestion > 0 || totals.trimmed > 0) return "a switch ran out of buffer";
  }
  if (status === "cancelled") return null;
  if (status !== "finished") return "flows were left unfinished";
  // Where the end depends on the last acknowledgement of all, parts of a run do not come to theirs
  // by themselves.
  return symmetry.folds.length > 1 && !isAtRest ? "packets were under way at the end" : null;
}

/** Whether a packet may have met a backlog at which a random number decides. */
function drawsMarks({ fabric, ecn }: RunPlan, { ports }: Outcome): boolean {
  return fabric.switches.some(({ device }) => {
    for (let port = fabric.firstPort[device]!; port < fabric.firstPort[device + 1]!; port++) {
      const linkClass = fabric.portClass[port]!;
      const [kminPs, kmaxPs] = [ecn!.kminPs[linkClass]!, ecn!.kmaxPs[linkClass]!];
      if (kminPs < kmaxPs && ports.maxBacklogPs[port]! > kminPs) return true;
    }
    return false;
  });
}
