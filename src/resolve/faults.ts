/** What faults come to in a plan, besides link classes. */
import type { FoldedTimeline } from "../build/topology/timeline.js";
import type { Change } from "../plan/changes.js";
import { bytesSetApart } from "../plan/class-rules.js";
import type { Fabric } from "../plan/fabric.js";
import type { FlowControl, RunPlan } from "../plan/plan.js";
import { PlanError } from "../plan/plan-error.js";
import type { Programs } from "../plan/programs.js";
import type { SwitchChange } from "../plan/timeline.js";

/**
 * Flow control with what is wrong at single switches.
 * @throws PlanError where a switch that is to pause wrongly sends no pauses
 */
export function withSwitchFaults(
  flowControl: FlowControl,
  fabric: Fabric,
  faults: readonly SwitchChange[],
): FlowControl {
  if (faults.length === 0) return flowControl;
  const lossless = flowControl.lossless.slice();
  const heedless = new Uint8Array(lossless.length);
  const guarded = flowControl.watchdog?.guarded.slice();
  const headroomBytes = flowControl.ports.headroomBytes.slice();
  for (const { switchNumber, change } of faults) {
    const { device, name } = fabric.switches[switchNumber]!;
    const [first, end] = [fabric.firstPort[device]!, fabric.firstPort[device + 1]!];
    if (lossless[switchNumber] === 0) {
      throw new PlanError(`${name} sends no pauses; name a switch with PFC`, [["faults"]]);
    }
    if (change.kind === "no-pauses") {
      heedless[switchNumber] = 1;
      if (guarded !== undefined) guarded[switchNumber] = 0;
    } else {
      headroomBytes.fill(change.headroomBytes, first, end);
    }
  }
  const isHeedless = heedless.some((each) => each === 1);
  const lossyBytes = flowControl.lossyBytes?.slice();
  heedless.forEach((each, number) => {
    if (each === 0) return;
    lossless[number] = 0;
    // All of its classes are lossy now, and share the whole buffer.
    if (lossyBytes !== undefined) lossyBytes[number] = 0;
  });
  return {
    ...flowControl,
    lossless,
    ...(lossyBytes && { lossyBytes }),
    ...(isHeedless && { heedless }),
    ports: { ...flowControl.ports, headroomBytes },
    watchdog: flowControl.watchdog && { ...flowControl.watchdog, guarded: guarded! },
  };
}

/**
 * Checks that the wrong headroom of all lossless classes fits into the buffers of its switches.
 * @param plan with the faults
 * @throws PlanError
 */
export function checkWrongHeadroom(
  plan: Pick<RunPlan, "flowControl" | "dataClasses">,
  { switches, firstPort }: Fabric,
  faults: readonly SwitchChange[],
): void {
  for (const { switchNumber, change } of faults) {
    if (change.kind !== "headroom" || plan.flowControl.lossless[switchNumber] === 0) continue;
    const { device, name, bufferBytes } = switches[switchNumber]!;
    const [first, end] = [firstPort[device]!, firstPort[device + 1]!];
    const keptBytes = bytesSetApart(plan, switchNumber, first, end);
    if (keptBytes <= bufferBytes) continue;
    const ofClasses = plan.dataClasses.length === 1 ? "" : " for each lossless data class";
    throw new PlanError(
      `${end - first} ports of ${name} with a headroom of ${change.headroomBytes} B${ofClasses} do not fit into its ` +
        `buffer of ${bufferBytes} B: with reserves they take ${keptBytes} B; write less`,
      [["faults"]],
    );
  }
}

/** Changes of links, routes and computations by their instants; empty where there are none. */
export function changesOf(
  { changes, ranks }: FoldedTimeline,
  programs: Programs | undefined,
  routes: readonly Change[] = [],
): Pick<RunPlan, "changes"> {
  const computes = ranks.flatMap(({ rank, atPs, untilPs, factor }) =>
    programRanksOn(programs, rank).flatMap((programRank): Change[] => {
      const own = programs!.ranks.computeFactor[programRank]!;
      const slow: Change = { kind: "compute", atPs, programRank, factor: own * factor };
      if (untilPs === Number.POSITIVE_INFINITY) return [slow];
      return [slow, { kind: "compute", atPs: untilPs, programRank, factor: own }];
    }),
  );
  const all = [...changes, ...routes, ...computes].sort((a, b) => a.atPs - b.atPs);
  return all.length === 0 ? {} : { changes: all };
}

function programRanksOn(programs: Programs | undefined, rank: number): number[] {
  if (programs === undefined) return [];
  return Array.from(programs.ranks.rank.keys()).filter((programRank) => programs.ranks.rank[programRank] === rank);
}
