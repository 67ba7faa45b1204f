/** Which flows, and so which ports, can have determined when a job was done. */

import { nextPorts } from "../../plan/next-hops.js";
import type { RunPlan } from "../../plan/plan.js";
import { reachOf } from "../ideal/next-hops.js";
import { type PlanView, switchAt } from "../ideal/view.js";

/** Up to this number of flows, their ways are followed port by port. */
const FLOWS_FOLLOWED = 64;
/**
 * Of more flows: ports that are tried, worst first, before it is said that none lies on the way.
 */
const PORTS_MAX = 256;

export interface CriticalFlows {
  /** The flows that were delivered last, and those that these wait for, directly or not. */
  readonly flows: readonly number[];
  /** One of those that were delivered last. */
  readonly last: number;
  /**
   * The longest way back over dependencies, breadth first; 0 where the last flows wait for nobody.
   */
  readonly depth: number;
}

/** @param finishPs By flow, of a job that has finished. */
export function criticalFlowsOf({ flows }: RunPlan, finishPs: Float64Array): CriticalFlows {
  const jctPs = finishPs.reduce((most, ps) => Math.max(most, ps), 0);
  const seen = new Uint8Array(flows.count);
  let level = Array.from(finishPs.keys()).filter((flow) => finishPs[flow] === jctPs);
  for (const flow of level) seen[flow] = 1;
  const found = [...level];
  let depth = 0;
  for (; level.length > 0; depth++) {
    const next: number[] = [];
    for (const flow of level) {
      for (const up of flows.upFlow.subarray(flows.upFirst[flow]!, flows.upFirst[flow + 1]!)) {
        if (seen[up] === 1) continue;
        seen[up] = 1;
        next.push(up);
      }
    }
    for (const flow of next) found.push(flow);
    level = next;
  }
  return { flows: found, last: found[0]!, depth: Math.max(0, depth - 1) };
}

/** Whether packets of a flow may leave by a port. */
export function mayCross(view: PlanView, flow: number, port: number): boolean {
  const { plan, fabric, nicOfPort } = view;
  const { nics, peerPort } = fabric;
  const src = plan.flows.srcNic[flow]!;
  const dst = plan.flows.dstNic[flow]!;
  if (nicOfPort[port]! >= 0) return nicOfPort[port] === src;
  const peerNic = nicOfPort[peerPort[port]!]!;
  if (peerNic >= 0 && peerNic !== dst) return false;
  if (!nextPorts(fabric, switchAt(view, port), nics.address[dst]!).includes(port)) return false;
  return reachOf(view, src, dst).ports.includes(port);
}

/**
 * The port with the largest figure, of those with one above 0 that packets of the flows may leave
 * by.
 * @param isMeant Asked of ports on the way, worst first; all are meant where it is left out.
 */
export function worstOnTheWay(
  view: PlanView,
  flows: readonly number[],
  figure: (port: number) => number,
  isMeant: (port: number) => boolean = () => true,
): { readonly port: number; readonly value: number } | undefined {
  const ofFew = flows.length <= FLOWS_FOLLOWED ? portsOf(view, flows) : undefined;
  const ports = [...(ofFew ?? view.fabric.peerPort.keys())]
    .map((port) => ({ port, value: figure(port) }))
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value || a.port - b.port);
  if (ofFew !== undefined) return ports.find(({ port }) => isMeant(port));
  return ports
    .slice(0, PORTS_MAX)
    .find(({ port }) => flows.some((flow) => mayCross(view, flow, port)) && isMeant(port));
}

function portsOf(view: PlanView, flows: readonly number[]): Set<number> {
  const { srcNic, dstNic } = view.plan.flows;
  return new Set(flows.flatMap((flow) => reachOf(view, srcNic[flow]!, dstNic[flow]!).ports));
}
