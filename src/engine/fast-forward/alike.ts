/**
 * Whether two moments are alike: whether the run goes on from the later one as it did from the
 * earlier one, only later.
 */
import type { CoreInstance } from "../core/instance.js";
import {
  ControlId,
  DCQCN_BYTES,
  Dcqcn,
  type Field,
  GROUP_BYTES,
  Group,
  NIC_BYTES,
  Nic,
  NSCC_BYTES,
  Nscc,
  PAUSECLOCK_BYTES,
  PauseClock,
  PORT_BYTES,
  PORTEXTRA_BYTES,
  Port,
  PortExtra,
  RECEIVER_BYTES,
  Receiver,
  type Run as RunLayout,
  SENDER_BYTES,
  Sender,
  START_BYTES,
  Start,
  SWIFT_BYTES,
  SWITCH_BYTES,
  Swift,
  Switch,
} from "../core/layout.js";
import { field, type Moment, placeOf } from "./moment.js";
import { programsUnchanged } from "./programs.js";
import { isNoTime, type Shape, shapeOf, wide } from "./shape.js";

/** An array of records in the run's memory. */
export interface Table {
  readonly address: number;
  readonly count: number;
  readonly shape: Shape;
}

const RECORDS = [
  // What tells moments apart most likely comes first: numbers of random draws are in switches and
  // ports.
  ["switches", "switchCount", Switch, SWITCH_BYTES],
  ["senders", "flowCount", Sender, SENDER_BYTES],
  ["receivers", "flowCount", Receiver, RECEIVER_BYTES],
  ["nics", "nicCount", Nic, NIC_BYTES],
  ["ports", "portCount", Port, PORT_BYTES],
  ["portExtras", "portCount", PortExtra, PORTEXTRA_BYTES],
  ["pauseClocks", "pauseClockCount", PauseClock, PAUSECLOCK_BYTES],
  ["starts", "flowCount", Start, START_BYTES],
] as const satisfies readonly (readonly [
  keyof typeof RunLayout,
  keyof typeof RunLayout,
  Readonly<Record<string, Field>>,
  number,
])[];

const SHAPES = RECORDS.map(([, , record, bytes]) => shapeOf(record, bytes));

/**
 * By congestion control policy: what it keeps of a QP. Policies that are left out are not
 * understood.
 */
const CONTROL: Partial<Record<number, Shape>> = {
  [ControlId.Dcqcn]: shapeOf(Dcqcn, DCQCN_BYTES),
  [ControlId.Swift]: shapeOf(Swift, SWIFT_BYTES),
  [ControlId.Nscc]: shapeOf(Nscc, NSCC_BYTES),
};

/** All tables of a run whose fields are compared by their roles. */
export function tablesOf(core: CoreInstance): Table[] {
  const tables: Table[] = RECORDS.map(([region, count], i) => ({
    address: field(core, region),
    count: field(core, count),
    shape: SHAPES[i]!,
  }));
  const control = CONTROL[field(core, "congestionControl")];
  if (control !== undefined) {
    const shape = { ...control, words: field(core, "congestionBytes") >>> 2 };
    tables.push({ address: field(core, "congestion"), count: field(core, "flowCount"), shape });
  }
  return tables;
}

/** Whether the fields of all records agree; how far flows got is looked at elsewhere (flows.ts). */
export function recordsAlike(core: CoreInstance, before: Moment, now: Moment): boolean {
  const tablesAlike = tablesOf(core).every((table) => tableAlike(table, before, now));
  return (
    tablesAlike &&
    groupsAlike(core, before, now) &&
    bitmapsAlike(core, before, now) &&
    programsUnchanged(core, before, now)
  );
}

function tableAlike({ address, count, shape }: Table, before: Moment, now: Moment): boolean {
  const { words, same, instants, untils } = shape;
  const [a, b] = [before.words, now.words];
  let i = placeOf(before, address);
  let j = placeOf(now, address);
  for (let record = 0; record < count; record++, i += words, j += words) {
    for (const { word, mask } of same) {
      if (((a[i + word]! ^ b[j + word]!) & mask) !== 0) return false;
    }
    for (const word of instants) {
      if (!instantsAlike(before, now, i + word, j + word)) return false;
    }
    for (const word of untils) {
      if (isOver(before, i + word) && isOver(now, j + word)) continue;
      if (wide(b, j + word) - wide(a, i + word) !== now.nowPs - before.nowPs) return false;
    }
  }
  return true;
}

function instantsAlike(before: Moment, now: Moment, i: number, j: number): boolean {
  if (isNoTime(before.words, i) || isNoTime(now.words, j)) {
    return before.words[i] === now.words[j] && before.words[i + 1] === now.words[j + 1];
  }
  return wide(now.words, j) - wide(before.words, i) === now.nowPs - before.nowPs;
}

/** A time that lies behind, or is none. */
export function isOver(moment: Moment, at: number): boolean {
  return isNoTime(moment.words, at) || wide(moment.words, at) < moment.nowPs;
}

/** The turn of `round-robin` counts on; only what is left of it after whole rounds matters. */
function groupsAlike(core: CoreInstance, before: Moment, now: Moment): boolean {
  const address = field(core, "groups");
  for (let group = 0; group < field(core, "groupCount"); group++) {
    const i = placeOf(before, address + group * GROUP_BYTES);
    const j = placeOf(now, address + group * GROUP_BYTES);
    const turns = now.words[j + (Group.turn.offset >>> 2)]! - before.words[i + (Group.turn.offset >>> 2)]!;
    if (turns < 0 || (turns !== 0 && turns % now.words[j + (Group.count.offset >>> 2)]! !== 0)) return false;
  }
  return true;
}

/** Bits in a packet bitmap of selective recovery, a power of two; 0 without. */
export function packetMapBits(core: CoreInstance): number {
  if (field(core, "selective") === 0) return 0;
  let bits = 64;
  while (bits < field(core, "windowPackets")) bits *= 2;
  return bits;
}

/** The bitmaps of a flow that hold anything: address, and number of packets in it. */
export function packetMaps(core: CoreInstance, { words }: Moment, flow: number): number[] {
  const s = (field(core, "senders") + flow * SENDER_BYTES) >>> 2;
  const r = (field(core, "receivers") + flow * RECEIVER_BYTES) >>> 2;
  const maps: number[] = [];
  if (words[s + (Sender.heldCount.offset >>> 2)] !== 0) maps.push(words[s + (Sender.held.offset >>> 2)]!);
  if (words[s + (Sender.resendCount.offset >>> 2)] !== 0) maps.push(words[s + (Sender.resend.offset >>> 2)]!);
  if (words[r + (Receiver.placedCount.offset >>> 2)] !== 0) maps.push(words[r + (Receiver.placed.offset >>> 2)]!);
  return maps;
}

function bitmapsAlike(core: CoreInstance, before: Moment, now: Moment): boolean {
  const nics = field(core, "nics");
  for (let nic = 0; nic < field(core, "nicCount"); nic++) {
    const at = placeOf(now, nics + nic * NIC_BYTES);
    const bitmap = now.words[at + (Nic.sendable.offset >>> 2)]!;
    const size = 2 * Math.ceil(now.words[at + (Nic.sendCount.offset >>> 2)]! / 64);
    for (let i = 0; i < size; i++) {
      if (before.words[placeOf(before, bitmap) + i] !== now.words[placeOf(now, bitmap) + i]) return false;
    }
  }
  const bits = packetMapBits(core);
  return bits === 0 || packetMapsAlike(core, before, now, bits);
}

/**
 * A packet's bit is its number modulo the bits; what is compared is its distance from the first
 * unacknowledged one.
 */
function packetMapsAlike(core: CoreInstance, before: Moment, now: Moment, bits: number): boolean {
  const senders = field(core, "senders");
  for (let flow = 0; flow < field(core, "flowCount"); flow++) {
    if (hasBorders(core, now, flow)) return false;
    const maps = packetMaps(core, now, flow);
    if (maps.length === 0) continue;
    const at = senders + flow * SENDER_BYTES;
    const acked = now.words[placeOf(now, at) + (Sender.acked.offset >>> 2)]!;
    const acked0 = before.words[placeOf(before, at) + (Sender.acked.offset >>> 2)]!;
    for (const map of maps) {
      for (let i = 0; i < bits; i++) {
        if (bitAt(now, map, (acked + i) % bits) !== bitAt(before, map, (acked0 + i) % bits)) return false;
      }
    }
  }
  return true;
}

/** Borders of lost resends are not compared: nothing is skipped while there are any. */
function hasBorders(core: CoreInstance, moment: Moment, flow: number): boolean {
  const { offset } = Sender.borderCount;
  const word = placeOf(moment, field(core, "senders") + flow * SENDER_BYTES) + (offset >>> 2);
  return ((moment.words[word]! >>> (8 * (offset & 3))) & 0xff) !== 0;
}

export function bitAt(moment: Moment, map: number, bit: number): number {
  return (moment.words[placeOf(moment, map) + (bit >>> 5)]! >>> (bit & 31)) & 1;
}

/** Words that are the same one by one. */
export function wordsAlike(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
