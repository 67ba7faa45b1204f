/** What each fault of a scenario did to the traffic of a run. */

import { type LocatedFault, locateFaults } from "../../build/topology/faults.js";
import type { Outcome } from "../../plan/outcome.js";
import { largestWireBytes } from "../../resolve/headroom.js";
import type { Fault } from "../../scenario/types/scenario.js";
import type { PlanView } from "../ideal/view.js";
import { bitRate, bytes, count, duration } from "../text/units.js";
import type { FaultResult } from "./document.js";

type LinkFault = Extract<LocatedFault, { ports: readonly number[] }>;
type Stall = Extract<LocatedFault, { nics: readonly number[] }>;

/** One entry for each fault, in the order of the scenario; nothing where there are none. */
export function faultResults(
  view: PlanView,
  faults: readonly Fault[],
  outcome: Outcome,
): { readonly faults?: readonly FaultResult[] } {
  if (faults.length === 0) return {};
  const results = locateFaults(view.fabric, faults).map((located) =>
    "nics" in located ? stallResult(view, located, outcome) : linkResult(view, located, outcome),
  );
  return { faults: results };
}

function linkResult(view: PlanView, { fault, ports }: LinkFault, { ports: counters }: Outcome): FaultResult {
  const { linkClasses, portClass } = view.fabric;
  const sum = (column: Float64Array) => ports.reduce((total, port) => total + column[port]!, 0);
  const isDown = fault.kind === "link-down";
  const txBytes = sum(counters.txBytes);
  const packetsLost = sum(isDown ? counters.droppedLinkDown : counters.droppedCrc);
  const arrow = isDown || fault.direction === "both" ? "<->" : "->";
  const figures = {
    kind: fault.kind,
    where: `${fault.from} ${arrow} ${fault.to}${fault.index > 0 ? ` #${fault.index}` : ""}`,
    txBytes,
    packetsLost,
    pausedNs: sum(counters.pausedPs) / 1000,
  };
  if (isDown) {
    const text =
      packetsLost > 0
        ? `lost ${packets(packetsLost)} from ${duration(fault.startPs / 1000)} on`
        : txBytes === 0
          ? "hit no traffic: no packet took the link"
          : `hit no traffic: no packet took the link from ${duration(fault.startPs / 1000)} on`;
    return { ...figures, hitTraffic: packetsLost > 0, text };
  }
  const lossRatio = ports.reduce((most, port) => Math.max(most, frameLossRatio(view, port)), 0);
  const rates = ports.map((port) => linkClasses[portClass[port]!]!.rateBps);
  const rate = fault.rateBps === null ? [] : [`at ${bitRate(Math.min(...rates))}`];
  const loss = lossRatio > 0 ? [`loses one full packet in ${count(Math.round(1 / lossRatio))}`] : [];
  const carried = txBytes === 0 ? "hit no traffic" : `carried ${bytes(txBytes)}, lost ${packets(packetsLost)}`;
  return {
    ...figures,
    ...(lossRatio > 0 && { frameLossRatio: lossRatio }),
    hitTraffic: txBytes > 0,
    text: [...rate, ...loss, carried].join(", "),
  };
}

/** Share of full packets that are lost on the direction that leaves a port. */
function frameLossRatio({ plan, fabric }: PlanView, port: number): number {
  const linkClass = fabric.portClass[port]!;
  const hazard = plan.hazards[linkClass]?.[largestWireBytes(fabric.linkClasses[linkClass]!, plan.wire)] ?? 0;
  return -Math.expm1(-hazard);
}

/**
 * A NIC that stalls acts by what it pauses: the ports at the other ends of its links.
 */
function stallResult({ fabric }: PlanView, { fault, nics }: Stall, { ports }: Outcome): FaultResult {
  const own = nics.map((nic) => fabric.nics.port[nic]!);
  const sum = (values: ArrayLike<number>, at: readonly number[]) => at.reduce((all, port) => all + values[port]!, 0);
  const peers = own.map((port) => fabric.peerPort[port]!);
  const pausedNs = sum(ports.pausedPs, peers) / 1000;
  const packetsLost = sum(ports.droppedCongestion, own);
  const txBytes = sum(ports.txBytes, peers);
  const lost = packetsLost > 0 ? `, lost ${packets(packetsLost)}` : "";
  return {
    kind: fault.kind,
    where: fault.host,
    txBytes,
    packetsLost,
    pausedNs,
    hitTraffic: txBytes > 0 && (pausedNs > 0 || packetsLost > 0),
    text: txBytes > 0 ? `paused its link for ${duration(pausedNs)}${lost}` : "hit no traffic: no packet came to it",
  };
}

function packets(n: number): string {
  return `${count(n)} ${n === 1 ? "packet" : "packets"}`;
}
