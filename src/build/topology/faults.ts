import type { Fabric } from "../../plan/fabric.js";
import { PlanFaults } from "../../plan/plan-error.js";
import type { TimelineEntry } from "../../plan/timeline.js";
import type { Fault } from "../../scenario/types/faults.js";
import { Directory, findLink } from "./directory.js";
import { entriesOf } from "./fault-entries.js";
import type { LocatedFault } from "./located-fault.js";
import { Told } from "./told.js";

/**
 * Faults in the order of the scenario, with the egress ports of the directions that they concern,
 * or the switch, NIC or rank.
 * @throws PlanError where a fault names a link, switch or rank that does not exist.
 */
export function locateFaults(fabric: Fabric, faults: readonly Fault[]): LocatedFault[] {
  if (faults.length === 0) return [];
  const directory = new Directory(fabric);
  return faults.map((fault) => locate(fabric, directory, fault));
}

function locate(fabric: Fabric, directory: Directory, fault: Fault): LocatedFault {
  switch (fault.kind) {
    case "nic-stall":
      return { fault, nics: directory.fabricNicsOf(fault.host, "host") };
    case "nic-slow":
      return { fault, slowNics: directory.fabricNicsOf(fault.host, "host") };
    case "swapped-cables": {
      // As they are plugged in now.
      const { a, b } = fault;
      const near = [
        { ...a, to: b.to, index: 0 },
        { ...b, to: a.to, index: 0 },
      ].map((cable) => findLink(directory, cable));
      return { fault, swapped: near.flatMap((port) => [port, fabric.peerPort[port]!]) };
    }
    case "straggler":
      return { fault, rank: directory.rankOf(fault.host) };
    case "switch-down":
    case "ecn-off":
    case "pfc-off":
    case "wrong-headroom":
      return { fault, switchNumber: directory.switchOf(fault.switch) };
    default: {
      const port = findLink(directory, fault);
      const isOneWay = "direction" in fault && fault.direction === "forward";
      return { link: true, fault, ports: isOneWay ? [port] : [port, fabric.peerPort[port]!] };
    }
  }
}

/**
 * What faults do to a fabric, as a timeline in the order of the scenario. Faults of one direction
 * that say different things of it, or of different times, add up.
 * @param fabric without faults
 * @throws PlanError where a fault names an unknown link or rank, would make a link better, or
 * repeats another one for the same direction and time.
 */
export function timelineOf(fabric: Fabric, faults: readonly Fault[]): readonly TimelineEntry[] {
  if (faults.length === 0) return [];
  const directory = new Directory(fabric);
  const wrong = new PlanFaults();
  const told = new Told();
  const timeline: TimelineEntry[] = [];
  for (const [number, fault] of faults.entries()) {
    if (wrong.isFull) break;
    wrong.attempt(() => {
      const located = locate(fabric, directory, fault);
      told.check(located);
      for (const entry of entriesOf(fabric, located)) timeline.push(entry);
    }, ["faults", number]);
  }
  wrong.throwIfAny();
  return timeline;
}
