/**
 * Congestion control in the units of the core: rates in bytes per picosecond, times in picoseconds.
 */

import {
  type CongestionControl,
  CREDIT_QUANTUM_BYTES,
  type DcqcnControl,
  type HpccControl,
  type NsccControl,
  type RcccControl,
  type SwiftControl,
} from "../plan/congestion.js";
import type { Fabric, LinkClass } from "../plan/fabric.js";
import type { FlowGraph } from "../plan/flows.js";
import type { Transport, WireFormat } from "../plan/plan.js";
import type {
  DcqcnParams,
  HpccParams,
  NsccParams,
  RcccParams,
  Scenario,
  SwiftParams,
} from "../scenario/types/scenario.js";
import { longestRttPs, type UnloadedNetwork } from "./base-rtt.js";

/** What parameters that are left open follow from. */
interface Path {
  readonly rateBps: number;
  readonly baseRttPs: number;
  readonly mtuBytes: number;
  /** Bandwidth-delay product. */
  readonly bdpBytes: number;
}

/** What the parameters follow from besides the scenario. */
export interface ControlledFlows {
  /** As it is built, without faults: what operators configure base round trips for. */
  readonly network: UnloadedNetwork;
  /** With its faults: NICs know the rates of their links. */
  readonly fabric: Fabric;
  readonly flows: FlowGraph;
}

/**
 * Parameters of congestion control, by link class where senders' NICs have different rates: those
 * of a flow follow from the NIC that it leaves by, and from no other link.
 */
export function resolveCongestionControl(
  scenario: Scenario,
  { network, fabric, flows }: ControlledFlows,
): Pick<Transport, "congestionControl" | "controlByClass"> {
  const { congestionControl, mtuBytes } = scenario.transport;
  if (congestionControl.kind === "none") return { congestionControl: null };
  const needsRtt = congestionControl.kind !== "dcqcn";
  const statedPs = "baseRttPs" in congestionControl ? congestionControl.baseRttPs : null;
  const baseRttPs = needsRtt ? (statedPs ?? longestRttPs(network, flows)) : 0;
  const at = (rateBps: number) => {
    const path = { rateBps, baseRttPs, mtuBytes, bdpBytes: bytesPerPs(rateBps) * baseRttPs };
    return controlAt(scenario, path, network.wire);
  };
  const rateOf = (linkClass: number) => lineRateBps(scenario, fabric.linkClasses[linkClass]!);
  const rates = new Set(sendingClasses(fabric, flows).map(rateOf));
  const common = at(rates.size === 0 ? scenario.links.access.rateBps : Math.max(...rates));
  // Stated parameters are the same at every rate; those of hpcc and rccc are shares of the link's.
  const different = new Set(Array.from(rates, (rate) => JSON.stringify(at(rate))));
  if (different.size < 2) return { congestionControl: common };
  const controlByClass = fabric.linkClasses.map((_, linkClass) => at(rateOf(linkClass))!);
  return { congestionControl: common, controlByClass };
}

function controlAt(scenario: Scenario, path: Path, wire: WireFormat): CongestionControl | null {
  const { congestionControl } = scenario.transport;
  switch (congestionControl.kind) {
    case "none":
      return null;
    case "dcqcn":
      return dcqcn(congestionControl, path.rateBps);
    case "swift":
      return swift(congestionControl, path);
    case "nscc":
      return nscc(congestionControl, path, scenario.flowControl.trim);
    case "hpcc":
      return hpcc(congestionControl, path);
    case "rccc":
      return rccc(congestionControl, path, wire);
  }
}

/** Classes of the links that NICs with flows send over. */
function sendingClasses({ nics, portClass }: Fabric, { srcNic }: FlowGraph): number[] {
  return [...new Set(Array.from(srcNic, (nic) => portClass[nics.port[nic]!]!))];
}

/**
 * What a NIC takes for its rate: that of its link. Scale-up NICs are set as those of the fabric.
 */
function lineRateBps({ links }: Scenario, { level, rateBps }: LinkClass): number {
  return level === "scaleUp" ? links.access.rateBps : rateBps;
}

function bytesPerPs(rateBps: number): number {
  return rateBps / 8e12;
}

/**
 * Additive and hyper increase where the scenario leaves them open: the paper's 40 Mb/s at 40 Gb/s,
 * and ten times that.
 */
const ADDITIVE_SHARE = 1 / 1000;
const HYPER_SHARE = 1 / 100;

function dcqcn(
  { kind, additiveIncreaseBps, hyperIncreaseBps, leastRateBps, variant, ...rest }: DcqcnParams,
  lineBps: number,
): DcqcnControl {
  return {
    kind,
    ...rest,
    clampTarget: rest.clampTarget ? 1 : 0,
    periodic: variant === "nic" ? 1 : 0,
    additiveRate: bytesPerPs(additiveIncreaseBps ?? lineBps * ADDITIVE_SHARE),
    hyperRate: bytesPerPs(hyperIncreaseBps ?? lineBps * HYPER_SHARE),
    leastRate: bytesPerPs(leastRateBps),
  };
}

/**
 * The paper's equations 1 and 2: the flow scaling is its whole range at the least window and
 * nothing at the largest.
 */
function swift(params: SwiftParams, { baseRttPs, mtuBytes, bdpBytes }: Path): SwiftControl {
  const { leastScaled, mostScaled } = params;
  const flowRangePs = params.flowRangePs ?? baseRttPs;
  const flowScalePs = flowRangePs / (1 / Math.sqrt(leastScaled) - 1 / Math.sqrt(mostScaled));
  return {
    kind: "swift",
    cnpIntervalPs: 0,
    baseTargetPs: params.targetPs ?? 1.5 * baseRttPs,
    flowScalePs,
    flowOffsetPs: -flowScalePs / Math.sqrt(mostScaled),
    flowRangePs,
    additiveIncrease: params.additiveIncrease,
    beta: params.beta,
    mostDecrease: params.mostDecrease,
    leastWindow: params.leastWindow,
    firstWindow: Math.max(1, bdpBytes / mtuBytes),
    mostWindow: Math.max(1, (4 * bdpBytes) / mtuBytes),
  };
}

/** The network that NSCC's constants are given for: 100 Gb/s, 12 us. */
const REFERENCE_RTT_PS = 12e6;
const REFERENCE_BDP_BYTES = (100e9 / 8e12) * REFERENCE_RTT_PS;
const CLEAR_PS = 1e6;
const ADJUST_PACKETS = 8;
const ADAPT_TARGETS = 4;
/** Queueing delay aimed at, in base round trips, where switches trim: their queues are shorter. */
const TRIMMING_TARGET = 0.75;

/** Constants as in htsim's uec.cpp. */
function nscc(params: NsccParams, { baseRttPs, mtuBytes, bdpBytes }: Path, trims: boolean): NsccControl {
  const targetPs = params.targetPs ?? (trims ? TRIMMING_TARGET : 1) * baseRttPs;
  const size = bdpBytes / REFERENCE_BDP_BYTES;
  const delay = targetPs / REFERENCE_RTT_PS;
  return {
    kind: "nscc",
    cnpIntervalPs: 0,
    baseRttPs,
    targetPs,
    clearPs: Math.min(CLEAR_PS, targetPs / 4),
    mostWindowBytes: Math.max(mtuBytes, params.mostWindow * bdpBytes),
    proportional: (4 * mtuBytes * size * delay) / targetPs,
    fair: 5 * mtuBytes * size,
    fastShare: 0.25 * size,
    eta: 0.15 * mtuBytes * size,
    adjustBytes: ADJUST_PACKETS * mtuBytes,
    adjustPeriodPs: baseRttPs,
    gamma: params.gamma,
    mostDecrease: params.mostDecrease,
    delayGain: params.delayGain,
    adaptDelayPs: ADAPT_TARGETS * targetPs,
    adaptShare: params.adaptShare,
  };
}

/**
 * The additive increase as the paper advises: what the aim leaves free, divided by the flows that
 * may share it.
 */
function hpcc({ kind, utilisation, maxStage, flows, leastRateBps }: HpccParams, { baseRttPs }: Path): HpccControl {
  const additiveShare = (1 - utilisation) / flows;
  return {
    kind,
    cnpIntervalPs: 0,
    baseRttPs,
    utilisation,
    maxStage,
    additiveShare,
    leastRate: bytesPerPs(leastRateBps),
  };
}

function rccc(
  { kind, speculative, underWay, pullPackets }: RcccParams,
  { baseRttPs, mtuBytes }: Path,
  { headerBytes, gapBytes }: WireFormat,
): RcccControl {
  const pullQuanta = Math.ceil((pullPackets * (mtuBytes + headerBytes + gapBytes)) / CREDIT_QUANTUM_BYTES);
  return { kind, cnpIntervalPs: 0, baseRttPs, speculativeShare: speculative, underWayShare: underWay, pullQuanta };
}
