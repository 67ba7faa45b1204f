import { bytesSetApart } from "../plan/class-rules.js";
import type { Fabric, LinkClass, SwitchSpec } from "../plan/fabric.js";
import { type DataClass, type FlowControl, NO_QUEUE_LIMIT, type PortBuffers, type WireFormat } from "../plan/plan.js";
import { PlanError } from "../plan/plan-error.js";
import type { FlowControlParams, Scenario } from "../scenario/types/scenario.js";
import { formatQuantity } from "../scenario/types/units.js";
import type { UnloadedNetwork } from "./base-rtt.js";
import { bufferPaths, longestLevel } from "./buffer-paths.js";
import { largestAccountedBytes, losslessHeadroomBytes, ns3HeadroomBytes, type PausedLink } from "./headroom.js";
import { planClassCount } from "./lanes.js";
import { resolveLinkCredit } from "./link-credit.js";
import { resolvePauses, resolveWatchdog } from "./pauses.js";

const DYNAMIC_XOFF = 0xffffffff;
const MAX_BYTES = 2 ** 32 - 1;

/** alpha = 1/8 of what is free, of scale-up switches. */
const SCALE_UP_ALPHA_SHIFT = 3;
/** The highest shift that ns-3's rule starts from. */
const NS3_SHIFT = 3;

/** Rules of one ingress port. */
interface PortRules {
  readonly reserveBytes: number;
  readonly headroomBytes: number;
  readonly xoffBytes: number;
  readonly alphaShift: number;
  readonly resumeOffsetBytes: number;
}

/**
 * Buffer rules of every port. Scale-up switches have PFC whatever the fabric has, with rules of
 * their own. Border switches have none: no pause holds back what long links carry, and a deep
 * buffer takes it. Lossy classes have a part of the buffer at the others with PFC.
 * @throws PlanError where what is set apart for ports exceeds a switch's buffer.
 */
export function resolveFlowControl(scenario: Scenario, { fabric, wire, nicLatencyPs }: UnloadedNetwork): FlowControl {
  const { kind, release, responsePs, trim, victim, dropAlpha, lossyShare = 0 } = scenario.flowControl;
  const { switches } = fabric;
  const flowControl: FlowControl = {
    lossless: Uint8Array.from(switches, (sw) => (isLossless(kind, sw) ? 1 : 0)),
    ...(lossyShare > 0 && {
      lossyBytes: Float64Array.from(switches, (sw) =>
        isLossless(kind, sw) && sw.level !== "nvswitch" ? Math.floor(lossyShare * sw.bufferBytes) : 0,
      ),
    }),
    release,
    pauseResponsePs: responsePs,
    ports: resolvePortBuffers(scenario, scenario.flowControl, { fabric, wire }),
    pauses: resolvePauses(scenario, fabric, wire),
    watchdog: resolveWatchdog(scenario, fabric),
    trim,
    victim,
    dropAlphaNum: dropAlpha.num,
    dropAlphaDen: dropAlpha.den,
    credit: resolveLinkCredit(scenario, fabric, wire, nicLatencyPs),
  };
  return flowControl;
}

function isLossless(kind: FlowControlParams["kind"], { level }: SwitchSpec): boolean {
  return (kind === "pfc" && level !== "border") || level === "nvswitch";
}

/**
 * Buffer rules of every port for one data class, or for all.
 * @param rules those of the class; the scenario's have the flow control that switches have
 */
export function resolvePortBuffers(
  scenario: Scenario,
  rules: FlowControlParams,
  { fabric, wire }: Pick<UnloadedNetwork, "fabric" | "wire">,
): PortBuffers {
  const count = fabric.peerPort.length;
  const ports: { [Key in keyof PortBuffers]: PortBuffers[Key] } = {
    reserveBytes: new Uint32Array(count),
    headroomBytes: new Uint32Array(count),
    xoffBytes: new Uint32Array(count),
    alphaShift: new Uint8Array(count),
    resumeOffsetBytes: new Uint32Array(count),
    queueLimitBytes: new Uint32Array(count).fill(NO_QUEUE_LIMIT),
  };
  const rulesOf = rulesByLink(scenario, rules, fabric, wire);
  const linkOf = (port: number) => fabric.linkClasses[fabric.portClass[port]!]!;
  for (const sw of fabric.switches) {
    const [first, end] = [fabric.firstPort[sw.device]!, fabric.firstPort[sw.device + 1]!];
    for (let port = first; port < end; port++) {
      if (sw.level !== "nvswitch") ports.queueLimitBytes[port] = queueLimitBytes(rules, linkOf(port), wire);
      if (!isLossless(rules.kind, sw)) continue;
      const { reserveBytes, headroomBytes, xoffBytes, alphaShift, resumeOffsetBytes } = rulesOf(sw, port);
      ports.reserveBytes[port] = reserveBytes;
      ports.headroomBytes[port] = headroomBytes;
      ports.xoffBytes[port] = xoffBytes;
      ports.alphaShift[port] = alphaShift;
      ports.resumeOffsetBytes[port] = resumeOffsetBytes;
    }
  }
  return ports;
}

/** @throws PlanError where what is set apart for ports exceeds a switch's buffer. */
export function checkBuffers(
  scenario: Scenario,
  fabric: Fabric,
  plan: { readonly flowControl: FlowControl; readonly dataClasses: readonly DataClass[] },
): void {
  fabric.switches.forEach((sw, number) => {
    if (plan.flowControl.lossless[number] === 0) return;
    const [first, end] = [fabric.firstPort[sw.device]!, fabric.firstPort[sw.device + 1]!];
    const keptBytes = bytesSetApart(plan, number, first, end);
    if (keptBytes > sw.bufferBytes) throw bufferTooSmall(scenario, fabric, sw, planClassCount(scenario), keptBytes);
  });
}

/** The lower of both limits, in accounted bytes; a queue holds a packet at least. */
function queueLimitBytes(
  { queueSizeBytes, queueTimePs }: FlowControlParams,
  link: LinkClass,
  wire: WireFormat,
): number {
  if (queueSizeBytes === null && queueTimePs === null) return NO_QUEUE_LIMIT;
  const ofTime = queueTimePs === null ? NO_QUEUE_LIMIT : Math.floor((queueTimePs * link.rateBps) / 8e12);
  const limit = Math.min(queueSizeBytes ?? NO_QUEUE_LIMIT, ofTime, NO_QUEUE_LIMIT);
  return Math.max(limit, largestAccountedBytes(link, wire));
}

/** Ports of one kind of switch and link share their rules: they are worked out once. */
function rulesByLink(scenario: Scenario, flowControl: FlowControlParams, fabric: Fabric, wire: WireFormat) {
  const known = new Map<string, PortRules>();
  const hostRateBps = firstHostBps(fabric);
  return (sw: SwitchSpec, port: number): PortRules => {
    const [outgoing, incoming] = [fabric.portClass[port]!, fabric.portClass[fabric.peerPort[port]!]!];
    const isScaleUp = sw.level === "nvswitch";
    const key = `${isScaleUp} ${sw.latencyPs} ${outgoing} ${incoming}`;
    let rules = known.get(key);
    if (rules === undefined) {
      const link: PausedLink = {
        incoming: fabric.linkClasses[incoming]!,
        outgoing: fabric.linkClasses[outgoing]!,
        latencyPs: sw.latencyPs,
        pauseResponsePs: flowControl.responsePs,
        classes: planClassCount(scenario),
      };
      rules = isScaleUp ? scaleUpRules(link, wire) : fabricRules(flowControl, link, wire, hostRateBps);
      known.set(key, rules);
    }
    return rules;
  };
}

function scaleUpRules(link: PausedLink, wire: WireFormat): PortRules {
  const packetBytes = largestAccountedBytes(link.incoming, wire);
  return {
    reserveBytes: packetBytes,
    headroomBytes: losslessHeadroomBytes(link, wire),
    xoffBytes: DYNAMIC_XOFF,
    alphaShift: SCALE_UP_ALPHA_SHIFT,
    resumeOffsetBytes: 2 * packetBytes,
  };
}

function fabricRules(
  { reserveBytes, headroom, threshold, resumeOffsetBytes }: FlowControlParams,
  link: PausedLink,
  wire: WireFormat,
  hostRateBps: number,
): PortRules {
  return {
    reserveBytes,
    resumeOffsetBytes,
    headroomBytes: Math.min(MAX_BYTES, headroomBytes(headroom, link, wire)),
    ...(threshold.kind === "static"
      ? { xoffBytes: threshold.xoffBytes, alphaShift: 0 }
      : { xoffBytes: DYNAMIC_XOFF, alphaShift: alphaShift(threshold.alphaShift, link, hostRateBps) }),
  };
}

function headroomBytes(headroom: FlowControlParams["headroom"], link: PausedLink, wire: WireFormat): number {
  if (headroom === "auto") return losslessHeadroomBytes(link, wire);
  return headroom === "ns3" ? ns3HeadroomBytes(link.outgoing) : headroom;
}

/** ns-3: 3, less one for each halving that takes the port's rate down to that of the first host. */
function alphaShift(shift: number | "ns3", { outgoing }: PausedLink, hostRateBps: number): number {
  if (shift !== "ns3") return shift;
  let lowered = NS3_SHIFT;
  for (let rateBps = outgoing.rateBps; rateBps > hostRateBps && lowered > 0; rateBps /= 2) lowered -= 1;
  return lowered;
}

/** What ns-3 takes for the rate of all hosts. */
function firstHostBps({ nics, portClass, linkClasses }: Fabric): number {
  return linkClasses[portClass[nics.port[nics.isScaleUp.indexOf(0)]!]!]!.rateBps;
}

function bufferTooSmall(
  scenario: Scenario,
  fabric: Fabric,
  sw: SwitchSpec,
  classes: number,
  keptBytes: number,
): PlanError {
  const portCount = fabric.firstPort[sw.device + 1]! - fabric.firstPort[sw.device]!;
  const say = (bytes: number) => formatQuantity("size", bytes);
  const ofClasses = classes === 1 ? "" : `, for each of ${classes} classes,`;
  const what = `headroom and reserve of the ${portCount} ports of ${sw.name}${ofClasses} take ${say(keptBytes)} together`;
  const advice =
    sw.level === "nvswitch"
      ? "write a larger switch.scaleUpBuffer, or a smaller links.scaleUp.cell"
      : "write a larger switch.buffer, less flowControl.headroom or flowControl.reserve, or shorter links";
  const fewer = classes === 1 ? "" : ", or fewer classes";
  return new PlanError(
    `${what}, more than its buffer of ${say(sw.bufferBytes)}; ${advice}${fewer}`,
    bufferPaths(scenario, sw, longestLevel(fabric, sw), "headroom", "reserve"),
  );
}
