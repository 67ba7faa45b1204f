/**
 * Lanes: data classes that keep a lossless dragonfly free of deadlock. Each class of the scenario
 * is several of the plan, of the same priority and weight.
 *
 * Minimal ways have two, and a flow keeps its lane: what goes to a group of a higher number is of
 * the first, all else of the second. Why that suffices. A packet in flight waits for a local link
 * of its first group, a global link, a local link of its last group, a host. In the first lane a
 * packet may hold a buffer behind a global link to group `g`. It waits at most for a local link of
 * `g`. A packet that holds a buffer behind that link and goes on takes a global link to a group
 * above `g`. So numbers of groups rise along any chain of waits, and none can close. In the second
 * lane they fall.
 *
 * Ways over a third group have three, and packets change lanes on their way (MODEL §9, Lanes in
 * flight): one before they have reached the third group, one before they have reached that of their
 * destination, one within it. Lanes rise along a way. Within a lane a local link only waits for a
 * global one, or, in the last lane, for a host. So no chain of waits closes.
 */
import type { Fabric } from "../plan/fabric.js";
import { classOfFlow, type FlowGraph } from "../plan/flows.js";
import { ROUTING } from "../plan/policies/routing.js";
import { laneCount } from "../scenario/types/lanes.js";
import type { Scenario } from "../scenario/types/scenario.js";

/** Data classes of the plan. */
export function planClassCount(scenario: Scenario): number {
  return (scenario.dataClasses?.length ?? 1) * laneCount(scenario);
}

/** Names of the plan's data classes; undefined where the scenario has one. */
export function planClassNames(scenario: Scenario): readonly string[] | undefined {
  const names = scenario.dataClasses?.map(({ name }) => name);
  const lanes = laneCount(scenario);
  if (lanes === 1) return names;
  const inFlight = Array.from({ length: lanes }, (_, lane) => `lane ${lane}`);
  const laneNames = ROUTING[scenario.routing.policy].detours ? inFlight : ["up", "down"];
  return names?.flatMap((name) => laneNames.map((lane) => `${name} ${lane}`));
}

/** The flows with the lanes that their ends ask for. */
export function withLanes(scenario: Scenario, fabric: Fabric, flows: FlowGraph): FlowGraph {
  const { topology } = scenario;
  if (topology.kind !== "dragonfly" || laneCount(scenario) === 1) return flows;
  const { detours } = fabric;
  if (detours !== undefined) {
    return {
      ...flows,
      dataClass: Uint8Array.from(flows.srcNic, (_, flow) => detours.lanes * classOfFlow(flows, flow)),
    };
  }
  const { nics } = fabric;
  const hosts = topology.a * topology.p;
  const groupOf = (nic: number) => (nics.isScaleUp[nic] === 1 ? 0 : Math.floor(nics.address[nic]! / hosts));
  const dataClass = Uint8Array.from(flows.srcNic, (src, flow) => {
    const isUp = groupOf(src) < groupOf(flows.dstNic[flow]!);
    return 2 * (flows.dataClass?.[flow] ?? 0) + (isUp ? 0 : 1);
  });
  return { ...flows, dataClass };
}
