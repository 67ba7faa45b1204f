/** Telemetry that packets carry: whether there is room for it on every way that the flows take. */

import { TELEMETRY_HOPS } from "../plan/congestion.js";
import type { Fabric } from "../plan/fabric.js";
import type { FlowGraph } from "../plan/flows.js";
import { nextPorts } from "../plan/next-hops.js";
import { PlanError } from "../plan/plan-error.js";
import { switchesOfPorts } from "../plan/ports.js";

/** @throws PlanError where some flow's packets cross more switches than they have room for. */
export function checkTelemetry(fabric: Fabric, flows: FlowGraph): void {
  const most = mostSwitches(fabric, flows);
  if (most <= TELEMETRY_HOPS) return;
  throw new PlanError(
    `hpcc: packets cross up to ${most} switches, and have room for what ${TELEMETRY_HOPS} of them say; write another congestionControl, or a fabric with shorter paths`,
    [["transport", "congestionControl", "kind"], ["preset"]],
  );
}

/**
 * Most switches between the ends of any flow. All candidates of a switch are equally far from the
 * destination.
 */
function mostSwitches(fabric: Fabric, { count, srcNic, dstNic }: FlowGraph): number {
  const { nics, peerPort, switches } = fabric;
  const switchOfPort = switchesOfPorts(fabric);
  const known = new Set<number>();
  let most = 0;
  for (let flow = 0; flow < count; flow++) {
    const [first, last] = [srcNic[flow]!, dstNic[flow]!].map((nic) => switchOfPort[peerPort[nics.port[nic]!]!]!);
    const ends = first! * switches.length + last!;
    if (known.has(ends)) continue;
    known.add(ends);
    let crossed = 0;
    // More than there are switches would be a loop in the tables.
    for (let at = first!; at >= 0 && crossed < switches.length; crossed++) {
      const [port] = nextPorts(fabric, at, nics.address[dstNic[flow]!]!);
      at = port === undefined ? -1 : switchOfPort[peerPort[port]!]!;
    }
    most = Math.max(most, crossed);
  }
  return most;
}
