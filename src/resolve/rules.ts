/** The parts of a plan that follow from the scenario by conversion of units. */

import { hazardTable } from "../build/physics/hazard.js";
import type { CongestionControl } from "../plan/congestion.js";
import type { Fabric } from "../plan/fabric.js";
import type { FlowGraph } from "../plan/flows.js";
import type {
  CustomRouting,
  EcnMarking,
  HazardTables,
  RoutingParams,
  Transport,
  UgalRules,
  WireFormat,
} from "../plan/plan.js";
import { PlanError } from "../plan/plan-error.js";
import { ROUTING } from "../plan/policies/routing.js";
import type { CustomPolicy, EcnParams, Routing, Scenario } from "../scenario/types/scenario.js";
import { sha256Hex } from "../util/sha256.js";
import { isListed } from "./base-rtt.js";
import { type ControlledFlows, resolveCongestionControl } from "./congestion.js";
import { largestWireBytes } from "./headroom.js";
import { FlowPaths } from "./reach.js";

export function resolveWire({ wire }: Scenario): WireFormat {
  const { headerBytes, gapBytes, ackBytes, pauseBytes, ackClass, serialization } = wire;
  return { headerBytes, gapBytes, ackBytes, pauseBytes, ackClass, serialization };
}

/** A window holds whole packets, and at least one. */
export function resolveTransport(scenario: Scenario, controlled: ControlledFlows): Transport {
  const { transport } = scenario;
  const { recovery, windowBytes, mtuBytes, ackEvery, ackMarked, retryLimit, reorderPackets, lostResends } = transport;
  const rto = typeof transport.rtoPs === "number" ? { firstPs: transport.rtoPs, mostPs: null } : transport.rtoPs;
  const windowPackets = windowBytes === 0 ? 0 : Math.max(1, Math.floor(windowBytes / mtuBytes));
  return {
    recovery,
    windowPackets,
    ackEvery,
    ackMarked,
    rtoPs: rto.firstPs,
    mostRtoPs: rto.mostPs,
    retryLimit,
    reorderPackets,
    lostResends,
    quietPs: 0,
    ...resolveCongestionControl(scenario, controlled),
  };
}

/**
 * The finest quantum that the core counts in is 2^10 ps: its 32-bit tick counters must last for
 * seconds.
 */
const MIN_QUANTUM_SHIFT = 10;
/** Of the table of a switch. */
const FLOWLET_ENTRIES = 4096;
/** Groups of destinations that a switch port can tell apart. */
const REMOTE_ENTRIES = 64;

/**
 * The adaptive policy's quantum as time at the fabric level's rate, rounded down to a power of two
 * of picoseconds. On a listed fabric, at the fastest of the links that some packet can choose.
 * @param fabric as it is built, without faults
 */
export function resolveRouting({ routing, links }: Scenario, fabric: Fabric, flows: FlowGraph): RoutingParams {
  const { switches } = fabric;
  // Flows that cross no switch leave no choice to any policy.
  const rateBps = (isListed(fabric) && fastestChoiceBps(fabric, flows)) || links.fabric.rateBps;
  const quantumPs = (routing.quantumBytes * 8e12) / rateBps;
  let quantumShift = MIN_QUANTUM_SHIFT;
  while (2 ** (quantumShift + 1) <= quantumPs) quantumShift += 1;
  const { policy, entropies, freezePs, flowletGapPs, noticeBytes, noticeIntervalPs } = routing;
  return {
    policy,
    quantumShift,
    entropies,
    freezePs,
    flowletGapPs,
    flowletEntries: FLOWLET_ENTRIES,
    groupDivisor: addressesPerLeaf(switches),
    remoteEntries: REMOTE_ENTRIES,
    noticeQuanta: Math.max(1, Math.round((noticeBytes * 8e12) / rateBps / 2 ** quantumShift)),
    noticeIntervalPs,
    ...(routing.custom && { custom: resolveCustomRouting(routing.custom) }),
    ...(ROUTING[policy].detours &&
      ROUTING[policy].readsQueues && { ugal: resolveUgal(routing, rateBps, quantumShift) }),
  };
}

function resolveUgal({ biasBytes = 0, samplePs = 0 }: Routing, rateBps: number, quantumShift: number): UgalRules {
  return { biasQuanta: Math.round((biasBytes * 8e12) / rateBps / 2 ** quantumShift), samplePs };
}

/** Where there is no choice, of the fastest link that a packet leaves a switch by. */
function fastestChoiceBps(fabric: Fabric, flows: FlowGraph): number {
  const { ports, choices } = new FlowPaths(fabric).reachOf(flows);
  const rateOf = (port: number) => fabric.linkClasses[fabric.portClass[port]!]!.rateBps;
  let fastestBps = 0;
  for (const port of choices.size > 0 ? choices : ports) fastestBps = Math.max(fastestBps, rateOf(port));
  return fastestBps;
}

function resolveCustomRouting({ digest, stateWords, parameters }: CustomPolicy): CustomRouting {
  const identity = Number.parseInt(sha256Hex(new TextEncoder().encode(`${digest} ${parameters}`)).slice(0, 8), 16);
  return { stateWords, parameters, identity };
}

/**
 * What the switches above the leaves tell leaves apart by; 1 where there are none, or fabrics are
 * listed.
 */
function addressesPerLeaf(switches: Fabric["switches"]): number {
  const above = switches.find(({ level }) => level === "aggregation" || level === "spine");
  return above?.routing.kind === "range" ? above.routing.stride : 1;
}

/**
 * Thresholds as backlog, by the rate of each class where they are bytes. Scale-up switches do not
 * mark.
 * @param control whose base round trip thresholds may be shares of
 */
export function resolveEcn(
  ecn: EcnParams | null,
  { linkClasses }: Fabric,
  control: CongestionControl | null,
): EcnMarking | null {
  if (ecn === null) return null;
  const { at, pmax } = ecn;
  const [kminPs, kmaxPs] = thresholdsOf(ecn, control).map((backlogPs) =>
    Float64Array.from(linkClasses, ({ level, rateBps, marksNothing }) =>
      level === "scaleUp" || marksNothing ? Number.POSITIVE_INFINITY : backlogPs(rateBps),
    ),
  ) as [Float64Array, Float64Array];
  const slope = kminPs.map((kmin, linkClass) => {
    const widthPs = kmaxPs[linkClass]! - kmin;
    return widthPs > 0 ? pmax / widthPs : 0;
  });
  return { at, kminPs, kmaxPs, slope };
}

/** In ps, by the rate of a port. */
function thresholdsOf(ecn: EcnParams, control: CongestionControl | null): ((rateBps: number) => number)[] {
  if ("kminBytes" in ecn) {
    const { kminBytes, kmaxBytes, rateBps: ofRateBps } = ecn;
    return [kminBytes, kmaxBytes].map((bytes) => (rateBps: number) => (bytes * 8e12) / (ofRateBps ?? rateBps));
  }
  const baseRttPs = control !== null && "baseRttPs" in control ? control.baseRttPs : 0;
  return [ecn.kminRtts, ecn.kmaxRtts].map((share) => () => share * baseRttPs);
}

/** Bytes of the tables of loss by packet size, of all kinds of links together. */
const MAX_HAZARD_BYTES = 2 ** 29;

/**
 * Each kind of link that loses packets has a table of its own: thousands of faults that differ in
 * their error ratio would take more memory and time than the run.
 * @throws PlanError
 */
export function checkHazards({ faults }: Scenario, { linkClasses }: Fabric, wire: WireFormat): void {
  const lossy = linkClasses.filter(({ loss }) => loss !== null);
  const bytes = lossy.reduce((sum, link) => sum + 8 * (largestWireBytes(link, wire) + 1), 0);
  if (bytes <= MAX_HAZARD_BYTES) return;
  throw new PlanError(
    `${lossy.length} kinds of links that lose packets need tables of ${Math.round(bytes / 2 ** 20)} MiB, at most ${MAX_HAZARD_BYTES / 2 ** 20} MiB; write fewer different ber, frameLossRatio and rate`,
    [faults.length > 0 ? ["faults"] : ["topology", "links"]],
  );
}

/** Loss hazard by wire size of the link classes that lose packets. */
export function resolveHazards({ linkClasses }: Fabric, wire: WireFormat): HazardTables {
  return linkClasses.map((link) =>
    link.loss === null ? null : hazardTable(link.loss, largestWireBytes(link, wire), wire.gapBytes, wire.headerBytes),
  );
}

/** Of fabric NICs; undefined where messages cost nothing. */
export function resolveMessageOverheads({ nic }: Scenario, { nics }: Fabric): Float64Array | undefined {
  const { messageOverheadPs = 0 } = nic;
  if (messageOverheadPs === 0) return undefined;
  return Float64Array.from(nics.isScaleUp, (isScaleUp) => (isScaleUp === 1 ? 0 : messageOverheadPs));
}

export function resolveNicLatencies({ nic }: Scenario, { nics }: Fabric): Float64Array {
  return Float64Array.from(nics.isScaleUp, (isScaleUp) => (isScaleUp === 1 ? nic.scaleUpLatencyPs : nic.latencyPs));
}
