/** Moves a run ahead by periods that would be like the last one. */
import type { CoreInstance } from "../core/instance.js";
import {
  GROUP_BYTES,
  Group,
  RECEIVER_BYTES,
  Receiver,
  Run,
  SENDER_BYTES,
  Sender,
  THREAD_BYTES,
  Thread,
} from "../core/layout.js";
import { bitAt, isOver, packetMapBits, packetMaps, tablesOf } from "./alike.js";
import type { Growth } from "./flows.js";
import { moveLists } from "./lists.js";
import { field, type Moment, placeOf, presentMoment } from "./moment.js";
import { exact, isNoTime, setExact, setWide, shapeOf, wide } from "./shape.js";

/**
 * @param before The moment that the present one is like, a period ago.
 * @param growth What a period adds to flows.
 * @param repetitions How many periods to move ahead: as many as `beginRepetitions` was told of at
 * that moment.
 */
export function jump(core: CoreInstance, before: Moment, growth: Growth, repetitions: number): void {
  const periodPs = presentMoment(core).nowPs - before.nowPs;
  const now = presentMoment(core);
  const byPs = repetitions * periodPs;
  const packets = growth.packets.map((count) => count * repetitions);
  moveLists(core, byPs, packets);
  movePacketMaps(core, now, packets);
  for (const { address, count, shape } of tablesOf(core)) {
    const times = [...shape.instants, ...shape.untils];
    for (let record = 0; record < count; record++) {
      const j = placeOf(now, address) + record * shape.words;
      const i = placeOf(before, address) + record * shape.words;
      for (const word of times) moveTime(now, j + word, byPs, shape.untils.includes(word));
      for (const word of shape.totals) grow(before, now, i + word, j + word, repetitions);
      for (const word of shape.budgets) spend(before, now, i + word, j + word, repetitions);
    }
  }
  moveFlows(core, now, growth, repetitions);
  moveTurns(core, before, now, repetitions);
  moveRun(core, before, now, repetitions);
  core.exports.endRepetitions(true);
  core.exports.refresh();
}

/**
 * Lets the deliveries of the period that begins now be counted for those that are to be skipped
 * after it.
 */
export function beginRepetitions(core: CoreInstance, growth: Growth, repetitions: number, periodPs: number): void {
  const at = core.exports.chunkSteps() >>> 0;
  new Uint32Array(core.memory.memory.buffer).set(growth.delivered, at >>> 2);
  core.memory.set(core.header, Run.periodPs, periodPs);
  core.memory.set(core.header, Run.repetitions, repetitions);
}

function moveTime(now: Moment, at: number, byPs: number, untilThen: boolean): void {
  if (isNoTime(now.words, at) || (untilThen && isOver(now, at))) return;
  setWide(now.words, at, wide(now.words, at) + byPs);
}

function grow(before: Moment, now: Moment, i: number, j: number, repetitions: number): void {
  const value = wide(now.words, j);
  const growth = value - wide(before.words, i);
  if (growth !== 0) setWide(now.words, j, value + repetitions * growth);
}

function spend(before: Moment, now: Moment, i: number, j: number, repetitions: number): void {
  if (before.words[i] === now.words[j] && before.words[i + 1] === now.words[j + 1]) return;
  const left = exact(now.words, j);
  setExact(now.words, j, left - BigInt(repetitions) * (exact(before.words, i) - left));
}

const SENDER = shapeOf(Sender, SENDER_BYTES);
const RECEIVER = shapeOf(Receiver, RECEIVER_BYTES);

function moveFlows(core: CoreInstance, now: Moment, growth: Growth, repetitions: number): void {
  const { words } = now;
  const place = (field: { readonly offset: number }) => field.offset >>> 2;
  for (let flow = 0; flow < growth.packets.length; flow++) {
    const packets = growth.packets[flow]! * repetitions;
    if (packets === 0) continue;
    const s = placeOf(now, field(core, "senders") + flow * SENDER_BYTES);
    const r = placeOf(now, field(core, "receivers") + flow * RECEIVER_BYTES);
    const acked = words[s + place(Sender.acked)]!;
    for (const at of SENDER.packets) if (words[s + at]! >= acked) words[s + at]! += packets;
    for (const at of RECEIVER.packets) if (words[r + at]! >= acked) words[r + at]! += packets;
    words[s + place(Sender.acked)] = acked + packets;
    words[s + place(Sender.posted)]! += growth.posted[flow]! * repetitions;
    words[s + place(Sender.scheduled)]! += growth.scheduled[flow]! * repetitions;
    words[r + place(Receiver.delivered)]! += growth.delivered[flow]! * repetitions;
    const perChunk = words[s + place(Sender.packetsPerChunk)]!;
    words[s + place(Sender.leftInChunk)] = perChunk - (words[s + place(Sender.next)]! % perChunk);
    words[r + place(Receiver.leftInChunk)] = perChunk - (words[r + place(Receiver.expected)]! % perChunk);
  }
}

/** Turns the bitmaps of selective recovery, whose bits are packet numbers modulo their size. */
function movePacketMaps(core: CoreInstance, now: Moment, packets: Float64Array): void {
  const bits = packetMapBits(core);
  if (bits === 0) return;
  packets.forEach((count, flow) => {
    const by = count % bits;
    if (by === 0) return;
    for (const map of packetMaps(core, now, flow)) {
      const turned = new Uint32Array(bits / 32);
      for (let bit = 0; bit < bits; bit++) {
        const to = (bit + by) % bits;
        turned[to >>> 5]! |= bitAt(now, map, bit) << (to & 31);
      }
      now.words.set(turned, map >>> 2);
    }
  });
}

function moveTurns(core: CoreInstance, before: Moment, now: Moment, repetitions: number): void {
  const address = field(core, "groups") + Group.turn.offset;
  for (let group = 0; group < field(core, "groupCount"); group++) {
    const j = placeOf(now, address + group * GROUP_BYTES);
    const turns = now.words[j]! - before.words[placeOf(before, address + group * GROUP_BYTES)]!;
    now.words[j]! += turns * repetitions;
  }
}

const THREAD = shapeOf(Thread, THREAD_BYTES);

/** Counters and the clock. */
function moveRun(core: CoreInstance, before: Moment, now: Moment, repetitions: number): void {
  const { memory, header } = core;
  const byPs = repetitions * (now.nowPs - before.nowPs);
  const threads = field(core, "threads");
  let hops = 0;
  for (let thread = 0; thread < field(core, "threadCount"); thread++) {
    const at = threads + thread * THREAD_BYTES;
    const i = placeOf(before, at);
    const j = placeOf(now, at);
    hops += repetitions * (wide(now.words, j + HOPS) - wide(before.words, i + HOPS));
    for (const word of THREAD.totals) grow(before, now, i + word, j + word, repetitions);
    const endPs = memory.get(at, Thread.endPs);
    if (endPs >= before.nowPs) memory.set(at, Thread.endPs, endPs + byPs);
  }
  const origin = memory.getBig(header, Run.originPs) + BigInt(byPs);
  memory.view.setBigUint64(header + Run.originPs.offset, BigInt.asUintN(64, origin), true);
  memory.set(header, Run.nowPs, memory.get(header, Run.nowPs) + byPs);
  memory.set(header, Run.jumps, memory.get(header, Run.jumps) + 1);
  memory.set(header, Run.skippedPs, memory.get(header, Run.skippedPs) + byPs);
  memory.set(header, Run.skippedHops, memory.get(header, Run.skippedHops) + hops);
}

const HOPS = Thread.hops.offset >>> 2;
