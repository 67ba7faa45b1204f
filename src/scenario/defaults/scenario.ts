/** A validated document, its rules checked, to the form that everything past the parser sees. */

import { CONGESTION_CONTROL } from "../../plan/policies/congestion-control.js";
import { ROUTING } from "../../plan/policies/routing.js";
import type { Sections } from "../schema/sections.js";
import type { Failover } from "../types/devices.js";
import type { FlowFiles } from "../types/flow-table.js";
import type { TraceFiles } from "../types/read-trace.js";
import type { ReductionParams } from "../types/reduction.js";
import type { EcnParams, FlowControlParams, Routing, Scenario, TransportParams, Workload } from "../types/scenario.js";
import { reducingAlgorithms } from "../types/workload-kinds.js";
import { hasSeveral, resolveClasses } from "./classes.js";
import { resolveCongestionControl } from "./congestion-control.js";
import { resolveFault } from "./faults.js";
import { resolveJobs, resolveOne } from "./jobs.js";
import { resolveLinks } from "./links.js";
import { resolveOptics } from "./optics.js";
import { pauseThreshold } from "./pause-threshold.js";
import { deviceNames } from "./ranks.js";
import { resolveTopology } from "./topology.js";

export function resolveScenario(
  sections: Sections,
  flowFiles: FlowFiles = () => undefined,
  traceFiles: TraceFiles = () => undefined,
): Scenario {
  const files = { flowFiles, traceFiles };
  const workload = sections.jobs === undefined ? resolveOne(sections, files) : resolveJobs(sections, files);
  const flowControl = resolveFlowControl(sections);
  const ecn = resolveEcn(sections);
  const { classes } = sections;
  return {
    version: 1,
    name: sections.name,
    seed: sections.seed,
    topology: resolveTopology(sections),
    links: resolveLinks(sections.links, sections.topology),
    switch: {
      latencyPs: sections.switch.latency,
      bufferBytes: sections.switch.buffer,
      switching: sections.switch.switching,
      scaleUpLatencyPs: sections.switch.scaleUpLatency,
      scaleUpBufferBytes: sections.switch.scaleUpBuffer,
      ...(sections.topology.kind === "multi-datacenter" && { borderBufferBytes: sections.switch.borderBuffer }),
    },
    nic: {
      latencyPs: sections.nic.latency,
      scaleUpLatencyPs: sections.nic.scaleUpLatency,
      ...(sections.nic.messageOverhead > 0 && { messageOverheadPs: sections.nic.messageOverhead }),
      ...resolveFailover(sections.nic.failover),
    },
    wire: {
      headerBytes: sections.wire.header,
      gapBytes: sections.wire.gap,
      ackBytes: sections.wire.ack,
      pauseBytes: sections.wire.pause,
      ackClass: sections.wire.ackClass,
      serialization: sections.wire.serialization,
    },
    routing: resolveRouting(sections.routing),
    flowControl,
    ...(hasSeveral(classes) && { dataClasses: resolveClasses(classes, flowControl, ecn) }),
    ecn,
    transport: resolveTransport(sections.transport),
    placement: sections.placement,
    ...resolveReduction(sections.reduction, workload),
    workload,
    faults: sections.faults.map((fault, i) => resolveFault(fault, deviceNames(sections.topology), sections.seed + i)),
    ...resolveOptics(sections.optics),
    checkpoint: resolveCheckpoint(sections.checkpoint),
    availability: resolveAvailability(sections.availability),
    timeLimitPs: sections.timeLimit,
  };
}

/** Only what reduces in switches has its parameters. */
function resolveReduction(written: Sections["reduction"], workload: Workload): Pick<Scenario, "reduction"> {
  if (reducingAlgorithms(workload).length === 0) return {};
  const reduction: ReductionParams = {
    packets: written.packets,
    latencyPs: written.latency,
    scaleUpPackets: written.scaleUpPackets,
    scaleUpLatencyPs: written.scaleUpLatency,
  };
  return { reduction };
}

function resolveCheckpoint({ interval, write, restart }: Sections["checkpoint"]): Scenario["checkpoint"] {
  return { interval, writeMs: write, restartMs: restart };
}

function resolveAvailability(written: Sections["availability"]): Scenario["availability"] {
  const { horizon, unstableLinks, ...rest } = written;
  const { down, ...links } = unstableLinks;
  return { ...rest, unstableLinks: { ...links, downMs: down }, horizonMs: horizon };
}

/** NCCL's defaults where no times are written. */
function resolveFailover(written: Sections["nic"]["failover"]): { readonly failover?: Failover } {
  if (written === false) return {};
  const { detect = NCCL_DELAY_PS, recover = NCCL_DELAY_PS } = written === true ? {} : written;
  return { failover: { detectPs: detect, recoverPs: recover } };
}

/** NCCL_IB_RESILIENCY_PORT_FAILOVER_PROBE_DELAY and PORT_RECOVERY_START_DELAY of NCCL 2.30. */
const NCCL_DELAY_PS = 10e9;

function resolveRouting(written: Sections["routing"]): Routing {
  const { policy, quantum, entropies, freeze, gap, noticeFrom, noticeInterval } = written;
  const { module = null, stateWords, parameters, convergence, bias, sampleEvery } = written;
  const { pathPer, tellsQueues, parameters: heeded } = ROUTING[policy];
  return {
    policy,
    quantumBytes: quantum,
    entropies,
    freezePs: freeze,
    flowletGapPs: pathPer === "flowlet" ? gap : 0,
    noticeBytes: tellsQueues ? noticeFrom : 0,
    noticeIntervalPs: tellsQueues ? noticeInterval : 0,
    ...(heeded.includes("bias") && bias > 0 && { biasBytes: bias }),
    ...(heeded.includes("sampleEvery") && { samplePs: sampleEvery }),
    ...(convergence && {
      convergence: { localPs: convergence.local ?? 0, globalPs: convergence.global ?? Number.POSITIVE_INFINITY },
    }),
    ...(policy === "custom" && { custom: { module, digest: null, stateWords, parameters } }),
  };
}

/** What the other kind does not use is zero, so that it makes no difference to the digest. */
function resolveFlowControl({ flowControl: written, classes = [] }: Sections): FlowControlParams {
  const hasLossy = classes.some(({ lossless }) => !lossless);
  const noPauses = {
    responsePs: 0,
    reserveBytes: 0,
    headroom: 0,
    threshold: { kind: "dynamic", alphaShift: 0 },
    resumeOffsetBytes: 0,
    quanta: null,
    refreshShare: null,
    watchdog: null,
    queueTimePs: null,
    queueSizeBytes: null,
  } as const;
  if (written.kind === "none") {
    const { kind, release, trim, trimVictim, dropVictim, dropAlpha, queueTime, queueSize } = written;
    const victim = trim ? trimVictim : dropVictim;
    const limits = { queueTimePs: queueTime, queueSizeBytes: queueSize };
    return { kind, release, ...noPauses, trim, victim, dropAlpha, ...limits, credit: null };
  }
  if (written.kind === "credit") {
    const { kind, release, block, buffer, updateEvery, update, response } = written;
    const credit = {
      blockBytes: block,
      bufferBytes: buffer,
      updateEveryBytes: updateEvery,
      updateWireBytes: update,
      responsePs: response,
    };
    return { kind, release, ...noPauses, trim: false, victim: "arriving", dropAlpha: { num: 1, den: 1 }, credit };
  }
  const { threshold, quanta, refresh, watchdog } = written;
  return {
    kind: "pfc",
    release: written.release,
    responsePs: written.response,
    reserveBytes: written.reserve,
    headroom: written.headroom,
    threshold: pauseThreshold(threshold),
    resumeOffsetBytes: written.resumeOffset,
    quanta,
    refreshShare: quanta === null ? null : refresh,
    watchdog:
      watchdog === null ? null : { detectPs: watchdog.detect, restorePs: watchdog.restore, action: watchdog.action },
    trim: false,
    // Where classes are lossy, it is as where all are.
    victim: hasLossy ? "fair" : "arriving",
    ...(hasLossy && { lossyShare: written.lossyShare }),
    queueTimePs: null,
    queueSizeBytes: null,
    dropAlpha: { num: 1, den: 1 },
    credit: null,
  };
}

/**
 * Thresholds of `auto` for DCQCN: bytes at 400 Gb/s, the same time of backlog at any other rate.
 */
const AUTO_RATE_BPS = 400e9;
const AUTO_KMIN_BYTES = 400_000;
const AUTO_KMAX_BYTES = 1_600_000;
const AUTO_PMAX = 0.2;
/**
 * For NSCC, as in htsim: shares of a bandwidth-delay product, which its windows and its aim are in
 * proportion to.
 */
const NSCC_MARKS: EcnParams = { at: "enqueue", kminRtts: 0.2, kmaxRtts: 0.8, pmax: 1 };

function resolveEcn({ ecn: written, transport }: Sections): EcnParams | null {
  if (written === "off" || written === null) return null;
  if (written === "auto") {
    if (!CONGESTION_CONTROL[transport.congestionControl.kind].readsMarks) return null;
    if (transport.congestionControl.kind === "nscc") return NSCC_MARKS;
    return {
      at: "enqueue",
      kminBytes: AUTO_KMIN_BYTES,
      kmaxBytes: AUTO_KMAX_BYTES,
      pmax: AUTO_PMAX,
      rateBps: AUTO_RATE_BPS,
    };
  }
  const { at, kmin: kminBytes, kmax: kmaxBytes, pmax, rate: rateBps = null } = written;
  return { at, kminBytes, kmaxBytes, pmax, rateBps };
}

function resolveTransport(written: Sections["transport"]): TransportParams {
  return {
    kind: "roce",
    mtuBytes: written.mtu,
    windowBytes: written.window,
    ackEvery: written.ackEvery,
    ackMarked: written.ackMarked,
    qpsPerConnection: written.qpsPerConnection,
    recovery: written.recovery,
    rtoPs: resolveTimeout(written.rto),
    retryLimit: written.retryLimit,
    reorderPackets: written.reorder,
    lostResends: written.lostResends,
    congestionControl: resolveCongestionControl(written.congestionControl),
  };
}

function resolveTimeout(written: Sections["transport"]["rto"]): TransportParams["rtoPs"] {
  if (typeof written === "number") return written;
  return { kind: "adaptive", firstPs: written.first, mostPs: written.most };
}
