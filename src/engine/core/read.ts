/** Reads the outcome of a run out of the core's memory. */

import type { Outcome, PortCounters, Totals } from "../../plan/outcome.js";
import type { RunPlan } from "../../plan/plan.js";
import { readCreditWaits } from "./credit.js";
import { laneCount, portOfLane } from "./data-classes.js";
import type { CoreInstance } from "./instance.js";
import {
  type Field,
  Hold,
  PAUSECLOCK_BYTES,
  PauseClock,
  PORT_BYTES,
  PORTEXTRA_BYTES,
  Port,
  PortExtra,
  RECEIVER_BYTES,
  Receiver,
  Run,
  SENDER_BYTES,
  Sender,
  Status,
  THREAD_BYTES,
  Thread,
} from "./layout.js";
import { readPrograms, readStarts } from "./read-programs.js";
import { settledPs } from "./windows.js";

export function readOutcome(core: CoreInstance, plan: RunPlan, status: number): Outcome {
  const { memory, header } = core;
  const count = plan.flows.count;
  const senders = memory.get(header, Run.senders);
  const receivers = memory.get(header, Run.receivers);
  const finishPs = new Float64Array(count).fill(Number.NaN);
  const ackedPs = new Float64Array(count).fill(Number.NaN);
  const chunksDelivered = new Uint32Array(count);
  let complete = true;
  for (let f = 0; f < count; f++) {
    const sender = senders + f * SENDER_BYTES;
    const receiver = receivers + f * RECEIVER_BYTES;
    chunksDelivered[f] = memory.get(receiver, Receiver.delivered);
    if (chunksDelivered[f] === plan.flows.chunks[f]) finishPs[f] = memory.get(receiver, Receiver.finishPs);
    const acked = memory.get(sender, Sender.acked) === memory.get(sender, Sender.totalPackets);
    if (acked) ackedPs[f] = memory.get(sender, Sender.ackedPs);
    complete &&= acked;
  }
  const programs = plan.programs && readPrograms(core, plan.programs);
  complete &&= programs?.ranks.finishPs.every((ps) => !Number.isNaN(ps)) ?? true;
  const endPs = Math.max(...threadsOf(core).map((thread) => memory.get(thread, Thread.endPs)));
  const named = statusOf(status, complete);
  return {
    status: named,
    endPs,
    lastTransmissionPs: lastTransmissionPs(core, plan),
    failedFlow: status === Status.QpFailed ? memory.get(header, Run.failedFlow) : -1,
    startPs: plan.programs === undefined ? plan.flows.startPs.slice() : readStarts(core, plan),
    finishPs,
    ackedPs,
    chunksDelivered,
    totals: readTotals(core),
    ...readPorts(core, plan, endOfRunPs(core, plan, named, endPs)),
    ...(programs && { programs }),
  };
}

/**
 * End of the last transmission on any link. A port forgets nothing but what lies behind a jump of
 * fast-forward; after each jump the run goes on, so what is forgotten is never the last.
 */
function lastTransmissionPs({ memory, header }: CoreInstance, { fabric }: RunPlan): number {
  const ports = memory.get(header, Run.ports);
  let lastPs = 0;
  for (let port = 0; port < fabric.peerPort.length; port++) {
    lastPs = Math.max(lastPs, memory.get(ports + port * PORT_BYTES, Port.busyUntilPs));
  }
  return lastPs;
}

/** The instant to which pauses and waits for credit count that are still on: MODEL.md §6. */
export function endOfRunPs(core: CoreInstance, plan: RunPlan, status: Outcome["status"], endPs: number): number {
  switch (status) {
    case "time-limit":
      return plan.timeLimitPs;
    case "qp-failed":
      return core.memory.get(core.header, Run.failedAtPs);
    case "cancelled":
      return Math.max(endPs, settledPs(core));
    case "finished":
    case "stuck":
      return endPs;
  }
}

function statusOf(status: number, complete: boolean): Outcome["status"] {
  if (status === Status.QpFailed) return "qp-failed";
  if (complete) return "finished";
  if (status === Status.Running) return "cancelled";
  return status === Status.TimeLimit ? "time-limit" : "stuck";
}

function readTotals(core: CoreInstance): Totals {
  const read = (field: Field) => sumOfThreads(core, field);
  return {
    hops: read(Thread.hops),
    dataHops: read(Thread.dataHops),
    dataSent: read(Thread.dataSent),
    retransmitted: read(Thread.retransmitted),
    dataDelivered: read(Thread.dataDelivered),
    acksSent: read(Thread.acksSent),
    acksReceived: read(Thread.acksReceived),
    nacksSent: read(Thread.nacksSent),
    timeouts: read(Thread.timeouts),
    droppedCongestion: read(Thread.droppedCongestion),
    droppedCrc: read(Thread.droppedCrc),
    droppedOrdering: read(Thread.droppedOrdering),
    pausesSent: read(Thread.pausesSent),
    resumesSent: read(Thread.resumesSent),
    ecnMarked: read(Thread.ecnMarked),
    cnpsSent: read(Thread.cnpsSent),
    cnpsReceived: read(Thread.cnpsReceived),
    trimmed: read(Thread.trimmed),
    trimmedReceived: read(Thread.trimmedReceived),
    replays: read(Thread.replays),
    pullsSent: read(Thread.pullsSent),
    pullsReceived: read(Thread.pullsReceived),
    droppedLinkDown: read(Thread.droppedLinkDown),
    outOfOrder: read(Thread.outOfOrder),
    refreshesSent: read(Thread.refreshesSent),
    pausesLapsed: read(Thread.pausesLapsed),
    storms: read(Thread.storms),
    droppedWatchdog: read(Thread.droppedWatchdog),
    creditUpdatesSent: read(Thread.creditUpdatesSent),
    noticesSent: read(Thread.noticesSent),
    noticesReceived: read(Thread.noticesReceived),
  };
}

/** The counters of all ports; pauses and waits that are on count to `endPs`. */
export function readPorts(core: CoreInstance, plan: RunPlan, endPs: number): Pick<Outcome, "ports" | "classes"> {
  const { memory, header } = core;
  const ports = plan.fabric.peerPort.length;
  const portsAt = memory.get(header, Run.ports);
  const extrasAt = memory.get(header, Run.portExtras);
  /** A counter of all data classes of each port. */
  const column = (base: number, stride: number, field: Field) => {
    const values = new Float64Array(ports);
    for (let lane = 0; lane < laneCount(plan); lane++) {
      values[portOfLane(plan, lane)]! += memory.get(base + lane * stride, field);
    }
    return values;
  };
  const extra = (field: Field) => column(extrasAt, PORTEXTRA_BYTES, field);
  /** The earliest time of all data classes of each port; 0 for none. */
  const firstOf = (field: Field) => {
    const values = new Float64Array(ports);
    for (let lane = 0; lane < laneCount(plan); lane++) {
      const [port, ps] = [portOfLane(plan, lane), memory.get(extrasAt + lane * PORTEXTRA_BYTES, field)];
      if (ps > 0 && (values[port] === 0 || ps < values[port]!)) values[port] = ps;
    }
    return values;
  };
  const pausedPs = new Float64Array(ports);
  const pauses = plan.dataClasses.map(() => new Float64Array(ports));
  const longestPausePs = new Float64Array(ports);
  for (let lane = 0; lane < laneCount(plan); lane++) {
    const p = portOfLane(plan, lane);
    const at = extrasAt + lane * PORTEXTRA_BYTES;
    const isOn = memory.get(portsAt + lane * PORT_BYTES, Port.paused) === Hold.Paused;
    const openPs = isOn ? Math.max(0, endPs - memory.get(at, PortExtra.pausedSincePs)) : 0;
    const ps = memory.get(at, PortExtra.pausedPs) + openPs;
    pausedPs[p]! += ps;
    pauses[Math.floor(lane / ports)]![p] = ps;
    longestPausePs[p] = Math.max(longestPausePs[p]!, memory.get(at, PortExtra.longestPausePs), openPs);
  }
  const { waits, ...creditWaits } = readCreditWaits(core, plan, endPs);
  const counters: PortCounters = {
    txBytes: column(portsAt, PORT_BYTES, Port.txBytes),
    maxBacklogPs: extra(PortExtra.maxBacklogPs),
    pausedPs,
    longestPausePs,
    ecnMarked: extra(PortExtra.ecnMarked),
    droppedCrc: extra(PortExtra.droppedCrc),
    firstCrcPs: firstOf(PortExtra.firstCrcPs),
    pausesSent: extra(PortExtra.pausesSent),
    droppedCongestion: extra(PortExtra.droppedCongestion),
    droppedLinkDown: extra(PortExtra.droppedLinkDown),
    droppedWatchdog:
      plan.flowControl.watchdog === null
        ? new Float64Array(ports)
        : column(memory.get(header, Run.pauseClocks), PAUSECLOCK_BYTES, PauseClock.droppedWatchdog),
    ...creditWaits,
  };
  if (plan.dataClasses.length === 1) return { ports: counters };
  return { ports: counters, classes: pauses.map((ps, i) => ({ pausedPs: ps, creditWaitPs: waits[i]! })) };
}

/** Addresses of the records of all threads that ever took part. */
function threadsOf({ memory, header }: CoreInstance): number[] {
  const first = memory.get(header, Run.threads);
  return Array.from({ length: memory.get(header, Run.threadCount) }, (_, i) => first + i * THREAD_BYTES);
}

/** A counter of the run: each thread counts what it did. */
export function sumOfThreads(core: CoreInstance, field: Field): number {
  return threadsOf(core).reduce((sum, thread) => sum + core.memory.get(thread, field), 0);
}

const MASK = (1n << 64n) - 1n;

/**
 * Counters that came later enter the digest only where they counted: what runs without them behave
 * like has not changed.
 */
const FIRST_COUNTERS = 15;

/** Sum of the hashes of all deliveries, modulo 2^64. */
export function readDeliveryHash(core: CoreInstance): bigint {
  return threadsOf(core).reduce((sum, thread) => sum + core.memory.getBig(thread, Thread.deliveryHash), 0n) & MASK;
}

/** Folds every counter into the hash of the deliveries (FNV-1a over 64-bit words). */
export function digestOf(deliveryHash: bigint, outcome: Outcome): string {
  let hash = deliveryHash & MASK;
  const fold = (value: number) => {
    hash = ((hash ^ BigInt(value)) * 0x100000001b3n) & MASK;
  };
  Object.values(outcome.totals).forEach((value, i) => {
    if (i >= FIRST_COUNTERS && value === 0) return;
    if (i >= FIRST_COUNTERS) fold(i);
    fold(value);
  });
  fold(outcome.endPs);
  for (const values of [outcome.ports.txBytes, outcome.ports.maxBacklogPs, outcome.ports.pausedPs]) {
    fold(weightedSum(values));
  }
  for (const values of [outcome.finishPs, outcome.ackedPs]) fold(weightedSum(values));
  if (outcome.programs !== undefined) {
    const { finishPs, computePs, exposedPs } = outcome.programs.ranks;
    for (const values of [outcome.startPs, finishPs, computePs, exposedPs]) fold(weightedSum(values));
    for (const { count, totalPs, mostPs, exposedPs } of outcome.programs.labels) {
      for (const value of [count, Number(totalPs), mostPs, Number(exposedPs)]) fold(value);
    }
  }
  return hash.toString(16).padStart(16, "0");
}

/**
 * A position-dependent checksum of a column, modulo a prime below 2^53 / 2^21 so that every step is
 * exact.
 */
function weightedSum(values: Float64Array): number {
  const prime = 2147483647;
  let sum = 0;
  for (const value of values) {
    const folded = Number.isNaN(value) ? prime - 1 : value % prime;
    sum = (sum * 31337 + folded) % prime;
  }
  return sum;
}
