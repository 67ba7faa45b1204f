/**
 * How far flows got from one moment to another that is like it, and how often they can repeat that.
 * A flow's last chunk, the end of a chunk, or a flow that waits for another ends the repetition.
 */
import type { CoreInstance } from "../core/instance.js";
import { RECEIVER_BYTES, Receiver, Run, SENDER_BYTES, Sender, UPSTREAM_BYTES, Upstream } from "../core/layout.js";
import { type Moment, placeOf } from "./moment.js";
import { communicatorFlows } from "./programs.js";
import { shapeOf } from "./shape.js";

/** What a period adds to each flow. */
export interface Growth {
  /** Packets sent, acknowledged and received. */
  readonly packets: Float64Array;
  /** Packets posted. */
  readonly posted: Float64Array;
  /** Chunks scheduled, and delivered. */
  readonly scheduled: Float64Array;
  readonly delivered: Float64Array;
  /** How many more periods change nothing but these counters. */
  readonly repetitions: number;
}

const SENDER = shapeOf(Sender, SENDER_BYTES);
const RECEIVER = shapeOf(Receiver, RECEIVER_BYTES);
const word = (field: { readonly offset: number }) => field.offset >>> 2;
const ACKED = word(Sender.acked);
const POSTED = word(Sender.posted);
const SCHEDULED = word(Sender.scheduled);
const HIGHEST = word(Sender.highest);
const PACKETS_PER_CHUNK = word(Sender.packetsPerChunk);
const TOTAL = word(Sender.totalPackets);
const CHUNKS = word(Sender.chunks);
const STARTED = word(Sender.started);
const UPSTREAMS = word(Sender.upstreams);
const UPSTREAM_COUNT = word(Sender.upstreamCount);
const DELIVERED = word(Receiver.delivered);

/** What flows do between two moments, `before` and `now`; null where that does not repeat. */
export function growthOf(core: CoreInstance, before: Moment, now: Moment): Growth | null {
  const { memory, header } = core;
  const count = memory.get(header, Run.flowCount);
  const growth = {
    packets: new Float64Array(count),
    posted: new Float64Array(count),
    scheduled: new Float64Array(count),
    delivered: new Float64Array(count),
  };
  const senders = memory.get(header, Run.senders);
  const receivers = memory.get(header, Run.receivers);
  const isProgrammed = communicatorFlows(core, now);
  let repetitions = Number.POSITIVE_INFINITY;
  for (let flow = 0; flow < count; flow++) {
    const sender = senders + flow * SENDER_BYTES;
    const receiver = receivers + flow * RECEIVER_BYTES;
    const [s, s0] = [placeOf(now, sender), placeOf(before, sender)];
    const [r, r0] = [placeOf(now, receiver), placeOf(before, receiver)];
    const [acked, acked0] = [now.words[s + ACKED]!, before.words[s0 + ACKED]!];
    for (const at of SENDER.packets) {
      if (past(now.words[s + at]!, acked) !== past(before.words[s0 + at]!, acked0)) return null;
    }
    for (const at of RECEIVER.packets) {
      if (past(now.words[r + at]!, acked) !== past(before.words[r0 + at]!, acked0)) return null;
    }
    growth.packets[flow] = acked - acked0;
    growth.posted[flow] = now.words[s + POSTED]! - before.words[s0 + POSTED]!;
    growth.scheduled[flow] = now.words[s + SCHEDULED]! - before.words[s0 + SCHEDULED]!;
    growth.delivered[flow] = now.words[r + DELIVERED]! - before.words[r0 + DELIVERED]!;
    const isInside = growth.posted[flow] === 0 && growth.scheduled[flow] === 0 && growth.delivered[flow] === 0;
    if (!isInside && isProgrammed(flow)) return null;
    repetitions = Math.min(repetitions, repetitionsOf(growth, flow, now, s, r));
    if (repetitions < 1) return null;
  }
  repetitions = Math.min(repetitions, dependencyBound(core, growth, before, now));
  return repetitions < 1 ? null : { ...growth, repetitions };
}

/** How far a packet number lies past the first unacknowledged one; 0 before it. */
function past(number: number, acked: number): number {
  return number > acked ? number - acked : 0;
}

/**
 * How often a flow can do the same again by itself; below 1 where it did something that does not
 * repeat.
 */
function repetitionsOf(growth: Omit<Growth, "repetitions">, flow: number, now: Moment, s: number, r: number): number {
  const packets = growth.packets[flow]!;
  const posted = growth.posted[flow]!;
  const scheduled = growth.scheduled[flow]!;
  const delivered = growth.delivered[flow]!;
  if (packets === 0 && posted === 0 && scheduled === 0 && delivered === 0) return Number.POSITIVE_INFINITY;
  const { words } = now;
  const perChunk = words[s + PACKETS_PER_CHUNK]!;
  const chunks = words[s + CHUNKS]!;
  const acked = words[s + ACKED]!;
  const highest = words[s + HIGHEST]!;
  if (packets === 0) return 0;
  if (packets === delivered * perChunk) {
    const left = Math.min(
      times(chunks - 1 - words[r + DELIVERED]!, delivered),
      times(words[s + TOTAL]! - 1 - acked, packets),
    );
    if (posted === 0 && scheduled === 0) return Math.min(left, times(words[s + POSTED]! - 1 - highest, packets));
    if (posted !== packets || scheduled !== delivered) return 0;
    return Math.min(left, times(chunks - words[s + SCHEDULED]!, scheduled));
  }
  // Inside a chunk: before its last packet is sent.
  if (delivered !== 0 || posted !== 0 || scheduled !== 0) return 0;
  const chunk = Math.floor((acked - packets) / perChunk);
  return times(Math.min((chunk + 1) * perChunk, words[s + POSTED]!) - 1 - highest, packets);
}

/** How often `step` fits into what is left. */
function times(left: number, step: number): number {
  if (left < 0) return 0;
  return step === 0 ? Number.POSITIVE_INFINITY : Math.floor(left / step);
}

/**
 * How often the flows that wait for others do so alike. What they wait for moves on as they do; or
 * it is so far ahead that it never held them up; or it does not get far enough to let them begin.
 */
function dependencyBound(core: CoreInstance, growth: Omit<Growth, "repetitions">, before: Moment, now: Moment): number {
  const { memory, header } = core;
  const { words } = now;
  const count = memory.get(header, Run.flowCount);
  const senders = placeOf(now, memory.get(header, Run.senders));
  const receivers = placeOf(now, memory.get(header, Run.receivers));
  const receivers0 = placeOf(before, memory.get(header, Run.receivers));
  const isProgrammed = communicatorFlows(core, now);
  let bound = Number.POSITIVE_INFINITY;
  for (let flow = 0; flow < count; flow++) {
    // Its chunks wait for programs, too; none is allowed while none is delivered.
    if (isProgrammed(flow)) continue;
    const s = senders + flow * (SENDER_BYTES >>> 2);
    const upstreams = words[s + UPSTREAM_COUNT]!;
    const scheduled = words[s + SCHEDULED]!;
    if (upstreams === 0 || (words[s + STARTED]! & 0xffff) === 0 || scheduled === words[s + CHUNKS]!) continue;
    const step = growth.scheduled[flow]!;
    let held = 0;
    for (let i = 0; i < upstreams; i++) {
      const at = placeOf(now, words[s + UPSTREAMS]! + i * UPSTREAM_BYTES);
      const upstream = words[at + word(Upstream.flow)]!;
      const lag = words[at + word(Upstream.lag)]! | 0;
      const r = receivers + upstream * (RECEIVER_BYTES >>> 2);
      const delivered = words[r + DELIVERED]!;
      if (delivered === words[r + word(Receiver.chunks)]!) continue;
      const delivers = growth.delivered[upstream]!;
      if (step === 0) {
        held = Math.max(held, delivered + lag > scheduled ? 0 : times(scheduled - lag - delivered, delivers));
        continue;
      }
      const delivered0 = before.words[receivers0 + upstream * (RECEIVER_BYTES >>> 2) + DELIVERED]!;
      if (delivers !== step && (delivers < step || delivered0 + lag < scheduled)) return 0;
    }
    if (step === 0) bound = Math.min(bound, held);
    if (bound < 1) return 0;
  }
  return bound;
}
