/**
 * How the time of a plan is cut into windows: what the core must know before it can lay out its
 * inboxes.
 */
import { portClasses } from "../../plan/changes.js";
import { MAX_REPLAYS } from "../../plan/limits.js";
import type { RunPlan } from "../../plan/plan.js";
import { rowOfTimeoutsPs } from "../../plan/timeouts.js";
import { CapacityError } from "./errors.js";
import { INBOX } from "./layout.js";

/** Serialization of one byte in ps as a fraction in lowest terms. */
export interface PsPerByte {
  readonly num: number;
  readonly den: number;
}

export interface Timing {
  readonly psPerByte: readonly PsPerByte[];
  /**
   * By port: end of a transmission to its effect at the peer, for packets, and for frames: pauses,
   * or credit updates.
   */
  readonly packetDelayPs: Float64Array;
  readonly pauseDelayPs: Float64Array;
  /** By link class: from the end of a frame that was lost to its repetition by the link. */
  readonly retryPs: readonly number[];
  /**
   * By link class: the part of the medium's one-way delay that the core keeps apart from all of
   * these, which have 32 bits.
   */
  readonly farPs: readonly number[];
  readonly windowPs: number;
  /** Inbox slots, a power of two. */
  readonly slots: number;
  /** Wire bytes of the smallest and largest packets of the run, by link class. */
  readonly leastWireBytes: number;
  readonly maxWireBytes: readonly number[];
}

/** Times in an inbox key have 20 bits. */
const LONGEST_WINDOW_PS = 2 ** 20;
const MIN_SLOTS = 16;
/** What 32 bits hold of a medium's delay there and back, with room for latencies of devices. */
const NEAR_PS = 2 ** 30;
const LONGEST_PS = 2 ** 37;
const U32 = 2 ** 32;

/**
 * What is said of a link whose serialization, with what is near of its latency, does not fit 32
 * bits.
 */
const TOO_SLOW =
  "the serialization of a link's largest packet and the latency of the devices at its ends must stay below 3 ms together";

const NO_LATENCY = "a link has no latency at all: give it a length, a latency, or a rate at which packets take time";

/** The part of a medium's one-way delay that the core keeps apart, ps. */
function farOf(mediumPs: number): number {
  return Math.max(0, mediumPs - NEAR_PS);
}

/** The scenario's rules hold links to these bounds; links that a fault has slowed down are left. */
const WHAT_RULES_LEFT = [["faults"], ["links"]];

/** Time that `bytes` take, rounded as the plan says. */
export function serializationPs(rate: PsPerByte, bytes: number, floor: boolean): number {
  const half = floor || rate.den === 1 ? 0 : Math.floor(rate.den / 2);
  return Math.floor((bytes * rate.num + half) / rate.den);
}

/**
 * Windows as long as the smallest latency between two devices allows, at most 2^20 ps.
 * @throws CapacityError where a link has no latency at all, or more than the core's 32 bits of
 * picoseconds.
 */
export function planTiming(plan: RunPlan): Timing {
  const { fabric, wire } = plan;
  const floor = wire.serialization === "floor";
  const psPerByte = fabric.linkClasses.map((link) => psPerByteOf(link.rateBps));
  const effectPs = effectLatencies(plan);
  const farPs = fabric.linkClasses.map(({ propagationPs, fecPs }) => farOf(propagationPs + fecPs));
  const retryPs = fabric.linkClasses.map(({ propagationPs, fecPs }) => 2 * (propagationPs + fecPs));
  const maxWireBytes = fabric.linkClasses.map((link) => link.mtuBytes + wire.headerBytes + wire.gapBytes);
  const leastWireBytes = Math.min(
    wire.headerBytes + wire.gapBytes + 1,
    wire.ackBytes + wire.gapBytes,
    wire.pauseBytes + wire.gapBytes,
  );
  const ports = fabric.peerPort.length;
  const packetDelayPs = new Float64Array(ports);
  const pauseDelayPs = new Float64Array(ports);
  const frames = plan.stalls.length > 0 || plan.fabric.switches.some((_, i) => plan.flowControl.lossless[i]);
  const { credit } = plan.flowControl;
  // No QP that starts in a window fails in it (assembly/run/failure.ts).
  let lookaheadPs = Math.min(LONGEST_WINDOW_PS, rowOfTimeoutsPs(plan.transport, plan.transport.retryLimit + 1));
  // What routers know of each other is no younger than a window (assembly/routing/samples.ts).
  const samplePs = plan.routing.ugal?.samplePs ?? 0;
  if (samplePs > 0) lookaheadPs = Math.min(lookaheadPs, samplePs);
  let [farthestPs, nearestPs] = [0, 0];
  const classesOf = portClasses(plan);
  for (let port = 0; port < ports; port++) {
    const linkClass = fabric.portClass[port]!;
    const link = fabric.linkClasses[linkClass]!;
    const takesPs = (bytes: number) => classesOf(port).map((taken) => serializationPs(psPerByte[taken]!, bytes, floor));
    const mediumPs = link.propagationPs + link.fecPs;
    packetDelayPs[port] = mediumPs + effectPs[fabric.peerPort[port]!]!;
    const updates = credit !== null && credit.bufferBlocks[port]! > 0;
    pauseDelayPs[port] = mediumPs + (updates ? credit.responsePs : plan.flowControl.pauseResponsePs);
    const leastDelayPs =
      frames && !updates ? Math.min(packetDelayPs[port]!, pauseDelayPs[port]!) : packetDelayPs[port]!;
    lookaheadPs = Math.min(lookaheadPs, Math.min(...takesPs(leastWireBytes)) + leastDelayPs);
    if (updates) {
      lookaheadPs = Math.min(lookaheadPs, Math.min(...takesPs(credit.updateBytes)) + pauseDelayPs[port]!);
    }
    const longestPs = Math.max(...takesPs(maxWireBytes[linkClass]!));
    const replaysPs =
      link.retries && mayLose(plan, classesOf(port)) ? MAX_REPLAYS * (retryPs[linkClass]! + longestPs) : 0;
    const delayPs = longestPs + Math.max(packetDelayPs[port]!, pauseDelayPs[port]!);
    farthestPs = Math.max(farthestPs, delayPs + replaysPs);
    nearestPs = Math.max(nearestPs, delayPs - farPs[linkClass]!);
  }
  if (lookaheadPs < 1) throw new CapacityError(NO_LATENCY, { paths: WHAT_RULES_LEFT });
  if (nearestPs + LONGEST_WINDOW_PS >= U32) throw new CapacityError(TOO_SLOW, { paths: WHAT_RULES_LEFT });
  if (farthestPs + LONGEST_WINDOW_PS >= LONGEST_PS) {
    throw new CapacityError(
      "a link's latency and the serialization of its largest packet, with four repetitions where it repeats, must stay below 137 ms together",
      { paths: WHAT_RULES_LEFT },
    );
  }
  let slots = MIN_SLOTS;
  while (slots < (lookaheadPs + farthestPs) / lookaheadPs + 2) slots *= 2;
  checkInboxes(inboxBytes(slots, fabric.deviceCount), farthestPs, lookaheadPs);
  return {
    psPerByte,
    packetDelayPs,
    pauseDelayPs,
    retryPs,
    farPs,
    windowPs: lookaheadPs,
    slots,
    leastWireBytes,
    maxWireBytes,
  };
}

function mayLose({ fabric: { linkClasses } }: RunPlan, classes: readonly number[]): boolean {
  return classes.some((linkClass) => linkClasses[linkClass]!.loss !== null);
}

/** Inboxes of one thread, in bytes: a box for each device and window. */
export function inboxBytes(slots: number, deviceCount: number): number {
  return slots * deviceCount * INBOX.BOX_BYTES;
}

/** The core has an inbox for each device and window that a packet can be ahead. */
function checkInboxes(bytes: number, farthestPs: number, lookaheadPs: number): void {
  if (bytes < 2 ** 32) return;
  throw new CapacityError(
    `packets are under way for up to ${farthestPs / 1e9} ms on one link and ${lookaheadPs / 1000} ns on another; to keep ` +
      `them in order takes ${Math.ceil(bytes / 2 ** 30)} GiB, more than the core can address: bring latencies closer together`,
  );
}

/** By port: how long after its arrival there a packet takes effect. */
function effectLatencies(plan: RunPlan): Float64Array {
  const { switches, firstPort, nics, peerPort } = plan.fabric;
  const latencies = new Float64Array(peerPort.length);
  for (const sw of switches) latencies.fill(sw.latencyPs, firstPort[sw.device]!, firstPort[sw.device + 1]!);
  for (let nic = 0; nic < nics.count; nic++) latencies[nics.port[nic]!] = plan.nicLatencyPs[nic]!;
  return latencies;
}

function psPerByteOf(rateBps: number): PsPerByte {
  const divisor = greatestCommonDivisor(8e12, rateBps);
  const rate = { num: 8e12 / divisor, den: rateBps / divisor };
  if (rate.num >= U32 || rate.den >= U32) {
    throw new CapacityError(`a rate of ${rateBps} b/s is too odd a number: use a multiple of 1 Mb/s`, {
      paths: WHAT_RULES_LEFT,
    });
  }
  return rate;
}

function greatestCommonDivisor(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}
