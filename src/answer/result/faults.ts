/** What each fault of a scenario did to the traffic of a run. */

import { locateFaults } from "../../build/topology/faults.js";
import type { LocatedFault } from "../../build/topology/located-fault.js";
import { portClasses } from "../../plan/changes.js";
import type { Outcome } from "../../plan/outcome.js";
import { movedFrom } from "../../resolve/failover.js";
import { largestWireBytes } from "../../resolve/headroom.js";
import type { Fault, LinkDown, LinkFlap, Span } from "../../scenario/types/faults.js";
import type { PlanView } from "../ideal/view.js";
import { linkName } from "../text/names.js";
import { bitRate, bytes, count, duration } from "../text/units.js";
import type { FaultResult, OpticResult } from "./document-network.js";

type AtLink = Extract<LocatedFault, { link: true }>;
type AtSwitch = Extract<LocatedFault, { switchNumber: number }>;
type Stall = Extract<LocatedFault, { nics: readonly number[] }>;

/** One entry for each fault, in the order of the scenario; nothing where there are none. */
export function faultResults(
  view: PlanView,
  faults: readonly Fault[],
  outcome: Outcome,
  optics: readonly OpticResult[] = [],
): { readonly faults?: readonly FaultResult[] } {
  if (faults.length === 0) return {};
  const results = locateFaults(view.fabric, faults).map((located) => {
    const result = resultOf(view, located, outcome);
    if (!("link" in located) || located.fault.kind !== "optic-drift") return result;
    return { ...result, text: result.text + warnedText(view, located.ports, optics) };
  });
  return { faults: results };
}

/** How long before the first lost frame an optic alarmed; nothing where it never did. */
function warnedText(view: PlanView, ports: readonly number[], optics: readonly OpticResult[]): string {
  const names = new Set(ports.map((port) => linkName(view, port)));
  const own = optics.filter(({ link }) => names.has(link));
  const soonest = (times: readonly (number | null)[]) => Math.min(...times.map((ns) => ns ?? Number.POSITIVE_INFINITY));
  const alarmNs = soonest(own.map((optic) => optic.alarmNs));
  const lossNs = soonest(own.map((optic) => optic.firstLossNs));
  const lost = lossNs === Number.POSITIVE_INFINITY ? "" : `first frame lost at ${duration(lossNs)}`;
  if (alarmNs === Number.POSITIVE_INFINITY) return lost === "" ? "" : `; ${lost}, without an alarm before it`;
  const alarmed = `; its errors came to the alarm at ${duration(alarmNs)}`;
  if (lost === "") return alarmed;
  const lead = duration(Math.abs(lossNs - alarmNs));
  return `${alarmed}, ${lead} ${lossNs < alarmNs ? "after" : "before"} the first lost frame`;
}

function resultOf(view: PlanView, located: LocatedFault, outcome: Outcome): FaultResult {
  if ("nics" in located) return stallResult(view, located, outcome);
  if ("link" in located) return linkResult(view, located, outcome);
  if ("switchNumber" in located) return switchResult(view, located, outcome);
  if ("rank" in located) return stragglerResult(located);
  if ("swapped" in located) {
    const { a, b } = located.fault;
    const where = `${a.from} - ${a.to}, ${b.from} - ${b.to}`;
    const figures = figuresOf(located.fault.kind, where, located.swapped, outcome);
    const text = `${a.from} is linked to ${b.to}, ${b.from} to ${a.to}: ${carried(figures)}`;
    return { ...figures, hitTraffic: figures.txBytes > 0, text };
  }
  const { fault, slowNics } = located;
  const own = slowNics.map((nic) => view.fabric.nics.port[nic]!);
  const both = own.flatMap((port) => [port, view.fabric.peerPort[port]!]);
  const figures = figuresOf(fault.kind, fault.host, both, outcome);
  const text = `sent and took in at ${bitRate(fault.rateBps)}${during(fault)}, ${carried(figures)}`;
  return { ...figures, hitTraffic: figures.txBytes > 0, text };
}

/** What the directions that leave by some ports carried and lost, by cause. */
function figuresOf(
  kind: string,
  where: string,
  ports: readonly number[],
  { ports: counters }: Outcome,
  lost: "crc" | "down" = "crc",
) {
  const sum = (column: Float64Array) => ports.reduce((total, port) => total + column[port]!, 0);
  return {
    kind,
    where,
    txBytes: sum(counters.txBytes),
    packetsLost: sum(lost === "down" ? counters.droppedLinkDown : counters.droppedCrc),
    pausedNs: sum(counters.pausedPs) / 1000,
  };
}

function carried({ txBytes, packetsLost }: { readonly txBytes: number; readonly packetsLost: number }): string {
  return txBytes === 0 ? "hit no traffic" : `carried ${bytes(txBytes)}, lost ${packets(packetsLost)}`;
}

/** ` from 1 ms to 3 ms`; nothing where it is for the whole run. */
function during({ startPs, untilPs }: Span): string {
  if (untilPs === Number.POSITIVE_INFINITY) return startPs === 0 ? "" : ` from ${duration(startPs / 1000)} on`;
  return ` from ${duration(startPs / 1000)} to ${duration(untilPs / 1000)}`;
}

function linkResult(view: PlanView, { fault, ports }: AtLink, outcome: Outcome): FaultResult {
  const arrow = "direction" in fault && fault.direction === "forward" ? "->" : "<->";
  const where = `${fault.from} ${arrow} ${fault.to}${fault.index > 0 ? ` #${fault.index}` : ""}`;
  if (fault.kind === "link-down" || fault.kind === "link-flap") {
    const result = outageResult(fault, figuresOf(fault.kind, where, ports, outcome, "down"));
    return { ...result, text: result.text + movedText(view, ports, outcome) };
  }
  const figures = figuresOf(fault.kind, where, ports, outcome);
  const { txBytes } = figures;
  if (fault.kind === "mtu-mismatch") {
    const text = `lets ${bytes(fault.mtuBytes)} of payload through${during(fault)}, ${carried(figures)}`;
    return { ...figures, hitTraffic: figures.packetsLost > 0, text };
  }
  if (fault.kind === "optic-drift") {
    const worst = Math.max(...opticErrors(view, ports, outcome.endPs));
    const errors =
      worst === 0 ? "had no errors that matter" : `had a bit error ratio of up to ${worst.toExponential(1)}`;
    const text = `${errors}, ${carried(figures)}`;
    return { ...figures, hitTraffic: figures.packetsLost > 0, text };
  }
  const lossRatio = ports.reduce((most, port) => Math.max(most, frameLossRatio(view, port)), 0);
  const rate = fault.rateBps === null ? [] : [`at ${bitRate(fault.rateBps)}`];
  const loss = lossRatio > 0 ? [`loses one full packet in ${count(Math.round(1 / lossRatio))}`] : [];
  const when = fault.span === undefined ? "" : during(fault.span);
  const state = [...rate, ...loss].join(", ");
  return {
    ...figures,
    ...(lossRatio > 0 && { frameLossRatio: lossRatio }),
    hitTraffic: txBytes > 0,
    text: `${state === "" ? "" : `${state}${when}, `}${carried(figures)}`,
  };
}

type Figures = ReturnType<typeof figuresOf>;

/** A link that is down for a time, or several. */
function outageResult(fault: LinkDown | LinkFlap, figures: Figures): FaultResult {
  const { txBytes, packetsLost } = figures;
  const hitTraffic = packetsLost > 0;
  if (fault.kind === "link-flap") {
    const { outages } = fault;
    const downPs = outages.reduce((sum, { startPs, untilPs }) => sum + untilPs - startPs, 0);
    const times = outages.length === 1 ? "once" : `${count(outages.length)} times`;
    const lost = hitTraffic ? `lost ${packets(packetsLost)}` : "hit no traffic";
    const text =
      outages.length === 0 ? "never went down" : `went down ${times}, for ${duration(downPs / 1000)} in all: ${lost}`;
    return { ...figures, hitTraffic, text };
  }
  const { startPs, untilPs = Number.POSITIVE_INFINITY } = fault;
  const when = during({ startPs, untilPs }) || ` from ${duration(startPs / 1000)} on`;
  const text = hitTraffic
    ? `lost ${packets(packetsLost)}${when}`
    : `hit no traffic: no packet took the link${txBytes === 0 ? "" : when}`;
  return { ...figures, hitTraffic, text };
}

/** What failover did about NICs whose links are among these; nothing where none moved. */
function movedText({ plan, fabric }: Pick<PlanView, "plan" | "fabric">, ports: readonly number[], { endPs }: Outcome) {
  const lost = new Set(ports);
  const nics = Array.from({ length: fabric.nics.count }, (_, nic) => nic).filter((nic) =>
    lost.has(fabric.nics.port[nic]!),
  );
  const { away, awayPs, back, backPs } = movedFrom(plan, nics, endPs);
  if (away === 0) return "";
  const qps = away === 1 ? "1 queue pair" : `${count(away)} queue pairs`;
  const returned =
    back === 0 ? "and did not come back in this run" : `and came back from ${duration(backPs / 1000)} on`;
  return `; ${qps} went on over other NICs from ${duration(awayPs / 1000)} on, ${returned}`;
}

/** Bit error ratios that the directions had by some time. */
function opticErrors({ plan, fabric }: PlanView, ports: readonly number[], endPs: number): number[] {
  const errors = ports.map((port) => fabric.linkClasses[fabric.portClass[port]!]!.loss?.preFecBer ?? 0);
  for (const change of plan.changes ?? []) {
    if (change.atPs > endPs) break;
    if (change.kind !== "link" || !ports.includes(change.port)) continue;
    errors.push(fabric.linkClasses[change.linkClass]!.loss?.preFecBer ?? 0);
  }
  return errors;
}

function switchResult({ plan, fabric }: PlanView, { fault, switchNumber }: AtSwitch, outcome: Outcome): FaultResult {
  const { device } = fabric.switches[switchNumber]!;
  const [first, end] = [fabric.firstPort[device]!, fabric.firstPort[device + 1]!];
  const own = Array.from({ length: end - first }, (_, i) => first + i);
  const sum = (column: Float64Array) => own.reduce((total, port) => total + column[port]!, 0);
  if (fault.kind === "switch-down") {
    const ports = own.flatMap((port) => [port, fabric.peerPort[port]!]);
    const figures = figuresOf(fault.kind, fault.switch, ports, outcome, "down");
    const hitTraffic = figures.packetsLost > 0;
    const when = during(fault) || " for the whole run";
    const text = hitTraffic ? `was off${when}: lost ${packets(figures.packetsLost)}` : "hit no traffic";
    return { ...figures, hitTraffic, text: text + movedText({ plan, fabric }, ports, outcome) };
  }
  const figures = figuresOf(fault.kind, fault.switch, own, outcome);
  if (fault.kind === "ecn-off") {
    const text = `marked ${packets(sum(outcome.ports.ecnMarked))}; none${during(fault) || " in the whole run"} while ECN was off`;
    return { ...figures, hitTraffic: figures.txBytes > 0, text };
  }
  const packetsLost = sum(outcome.ports.droppedCongestion);
  const sent = packets(sum(outcome.ports.pausesSent)).replace("packet", "pause");
  const headroom = fault.kind === "wrong-headroom" ? ` with a headroom of ${bytes(fault.headroomBytes)}` : "";
  const text = `${headroom === "" ? "sent no pauses" : `sent ${sent}`}${headroom}, dropped ${packets(packetsLost)}`;
  return { ...figures, packetsLost, hitTraffic: packetsLost > 0, text };
}

function stragglerResult({ fault }: Extract<LocatedFault, { rank: number }>): FaultResult {
  const text = `computed ${fault.factor} times as long${during(fault)}`;
  return { kind: fault.kind, where: fault.host, txBytes: 0, packetsLost: 0, pausedNs: 0, hitTraffic: true, text };
}

/** Share of full packets that are lost on the direction that leaves a port, at its worst. */
function frameLossRatio({ plan, fabric }: PlanView, port: number): number {
  const ratios = portClasses(plan)(port).map((linkClass) => {
    const hazard = plan.hazards[linkClass]?.[largestWireBytes(fabric.linkClasses[linkClass]!, plan.wire)] ?? 0;
    return -Math.expm1(-hazard);
  });
  return Math.max(...ratios);
}

/**
 * A NIC that stalls acts by what it pauses: the port of the switch at the other end of its link.
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
