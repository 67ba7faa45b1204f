/**
 * Lanes: data classes that keep a lossless dragonfly free of deadlock. Each class of the scenario
 * is two of the plan, of the same priority and weight. What goes to a group of a higher number is
 * of the first, all else of the second.
 *
 * Why that suffices. A packet in flight waits for a local link of its first group, a global link, a
 * local link of its last group, a host. In the first lane a packet may hold a buffer behind a
 * global link to group `g`. It waits at most for a local link of `g`. A packet that holds a buffer
 * behind that link and goes on takes a global link to a group above `g`. So numbers of groups rise
 * along any chain of waits, and none can close. In the second lane they fall.
 */
import type { Fabric } from "../plan/fabric.js";
import type { FlowGraph } from "../plan/flows.js";
import type { Scenario } from "../scenario/types/scenario.js";

/** Lanes of each data class. */
export function laneCount({ topology, flowControl }: Pick<Scenario, "topology" | "flowControl">): 1 | 2 {
  return topology.kind === "dragonfly" && flowControl.kind !== "none" ? topology.lanes : 1;
}

/** Data classes of the plan. */
export function planClassCount(scenario: Scenario): number {
  return (scenario.dataClasses?.length ?? 1) * laneCount(scenario);
}

/** Names of the plan's data classes; undefined where the scenario has one. */
export function planClassNames(scenario: Scenario): readonly string[] | undefined {
  const names = scenario.dataClasses?.map(({ name }) => name);
  return laneCount(scenario) === 1 ? names : names?.flatMap((name) => [`${name} up`, `${name} down`]);
}

/** The flows with the lanes that their ends ask for. */
export function withLanes(scenario: Scenario, { nics }: Fabric, flows: FlowGraph): FlowGraph {
  const { topology } = scenario;
  if (topology.kind !== "dragonfly" || laneCount(scenario) === 1) return flows;
  const hosts = topology.a * topology.p;
  const groupOf = (nic: number) => (nics.isScaleUp[nic] === 1 ? 0 : Math.floor(nics.address[nic]! / hosts));
  const dataClass = Uint8Array.from(flows.srcNic, (src, flow) => {
    const isUp = groupOf(src) < groupOf(flows.dstNic[flow]!);
    return 2 * (flows.dataClass?.[flow] ?? 0) + (isUp ? 0 : 1);
  });
  return { ...flows, dataClass };
}
