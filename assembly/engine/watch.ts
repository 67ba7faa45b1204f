/**
 * What a run records for the critical path and the causes of waits (MODEL.md §13, §14). Each
 * thread has a buffer, which TypeScript empties between calls of `advance`. Runs that are not
 * watched pay for one load and one branch at each place that calls this; the lean core has none of
 * it.
 */
import { allocate, own, run, trap } from "../memory/arena";
import { FULL } from "../memory/features";
import { TrapCode } from "../memory/structs/run";
import { Thread } from "../memory/structs/thread";
import {
  MARKED,
  NO_FLOW,
  QpEvent,
  WatchedLoss,
  WatchItem,
  WatchKind,
  WatchMode,
  WatchRecord,
  WatchSlice,
} from "../memory/structs/watch";
import { DATA, FLOW_MASK, MARK, NUMBER_MASK, TYPE_MASK, wireBytes } from "../packet/packet";
import { PacketRecord } from "../packet/record";

/** No number of a packet. */
export const NOT_WATCHED: u32 = 0xffffffff;
/** The buffer's count, and whether it ran over. */
const HEAD_BYTES: u32 = 8;

let mode: u32 = WatchMode.Off;
let buffer: u32 = 0;

/** Whether transmissions and losses are to be told. */
@inline
export function watching(): bool {
  return FULL && mode > <u32>WatchMode.Waits;
}

/** Whether pauses are to be told. */
@inline
export function watchesPauses(): bool {
  return FULL && mode > <u32>WatchMode.Deliveries;
}

/** Whether all that causes waits is to be told. */
@inline
export function watchesWaits(): bool {
  return FULL && mode == WatchMode.Waits;
}


@inline
export function watchesDeliveries(): bool {
  return FULL && mode == WatchMode.Deliveries;
}


@inline
export function watchesFlows(): bool {
  return FULL && mode == WatchMode.Flows;
}

/**
 * Prepares a run that has not begun to note each delivery, before there are other threads. Returns
 * the address of the u32 numbers of each flow's first chunk, for TypeScript to write.
 */
export function watchDeliveries(chunks: u32): u32 {
  if (!FULL) trap(TrapCode.LeanCore);
  run.watchMode = WatchMode.Deliveries;
  run.watchItems = allocate(<u64>run.flowCount * 4);
  run.watchSlices = allocate(<u64>chunks * 8);
  run.watchRecords = allocate(<u64>chunks * 4);
  loadWatchParameters();
  return run.watchItems;
}

/** Makes a run that has not begun count what each QP sends again (`Run.resendCounts`). */
export function countResends(): void {
  if (!FULL) trap(TrapCode.LeanCore);
  run.resendCounts = allocate(<u64>run.flowCount * 4);
}

/**
 * Prepares a run that has not begun to record, before there are other threads. Returns the address
 * of the `WatchItem`s, behind which lie the `WatchSlice`s, for TypeScript to write.
 */
export function watchFor(wanted: u32, items: u32, slices: u32, limit: u32, threads: u32): u32 {
  if (!FULL) trap(TrapCode.LeanCore);
  run.watchMode = wanted;
  run.watchLimit = limit;
  run.watchBuffers = threads;
  run.watchItems = allocate(<u64>items * offsetof<WatchItem>());
  run.watchSlices = allocate(<u64>slices * offsetof<WatchSlice>());
  run.watchRecords = allocate(threads * bufferBytes());
  loadWatchParameters();
  return run.watchItems;
}

export function loadWatchParameters(): void {
  if (!FULL) return;
  mode = run.watchMode;
  if (mode <= <u32>WatchMode.Deliveries) return;
  if (threadNumber() >= run.watchBuffers) trap(TrapCode.ScratchOverflow);
  buffer = <u32>(run.watchRecords + threadNumber() * bufferBytes());
}


@inline
function bufferBytes(): u64 {
  return HEAD_BYTES + <u64>run.watchLimit * offsetof<WatchRecord>();
}


@inline
function threadNumber(): u32 {
  return (changetype<u32>(own) - run.threads) / offsetof<Thread>();
}

/** A chunk was delivered by a packet: notes both in the tables of deliveries. */
export function watchDelivery(flow: u32, chunk: u32, number: u32, nowPs: u64): void {
  const place = load<u32>(run.watchItems + flow * 4) + chunk;
  store<u64>(run.watchSlices + place * 8, nowPs);
  store<u32>(run.watchRecords + place * 4, number);
}

/** A packet is on the wire from `startPs` to `endPs`, repetitions by the link included. */
export function watchTransmission(port: u32, startPs: u64, takesPs: u64, endPs: u64, word1: u32, words23: u64): void {
  const flow = (<u32>words23) & FLOW_MASK;
  const word3 = <u32>(words23 >> 32);
  const type = word1 & TYPE_MASK;
  if (mode == WatchMode.Flows) {
    if (type != DATA || !isFollowed(flow, word3, startPs, endPs)) return;
  } else if (changetype<u32>(sliceAt(port, startPs, endPs)) == 0) {
    return;
  }
  const record = append(WatchKind.Transmission, startPs, endPs);
  record.takesPs = takesPs;
  record.state = wireBytes(word1, word3) | ((word1 & MARK) != 0 ? MARKED : 0);
  write(record, port, flow, word3 & NUMBER_MASK, type);
}

/** A frame of this first word is on the wire. */
export function watchFrame(port: u32, startPs: u64, endPs: u64, word1: u32): void {
  if (mode != WatchMode.Ports || changetype<u32>(sliceAt(port, startPs, endPs)) == 0) return;
  const record = append(WatchKind.Transmission, startPs, endPs);
  record.takesPs = endPs - startPs;
  record.state = word1;
  write(record, port, NO_FLOW, 0, 0);
}

/** A data packet has been routed and admitted: it goes to the port. */
export function watchEntry(port: u32, ingress: u32, packet: PacketRecord, nowPs: u64): void {
  if (mode != WatchMode.Flows || !packet.isData) return;
  if (!isFollowed(packet.flow, packet.word3, nowPs, nowPs + 1)) return;
  write(append(WatchKind.Entry, nowPs, nowPs), port, packet.flow, packet.number, ingress);
}

/** A packet of a watched flow is lost, whenever that is; `queued`: it waited at the port. */
export function watchLoss(port: u32, packet: PacketRecord, loss: WatchedLoss, queued: bool, nowPs: u64): void {
  tellLoss(port, packet.word1, packet.words23, loss, nowPs).state = queued ? 1 : 0;
}

/** A packet of a watched flow is lost on the link that leaves the port. */
export function watchLostOnLink(port: u32, word1: u32, words23: u64, loss: WatchedLoss, nowPs: u64): void {
  tellLoss(port, word1, words23, loss, nowPs);
}

function tellLoss(port: u32, word1: u32, words23: u64, loss: WatchedLoss, nowPs: u64): WatchRecord {
  const flow = (<u32>words23) & FLOW_MASK;
  if (mode != WatchMode.Flows || (word1 & TYPE_MASK) != DATA || itemAt(flow).count == 0) return nowhere;
  const record = append(WatchKind.Loss, nowPs, nowPs);
  write(record, port, flow, (<u32>(words23 >> 32)) & NUMBER_MASK, loss);
  return record;
}

/** The receiver of a watched flow has refused a data packet, as one before it was missing. */
export function watchRefusal(packet: PacketRecord, nowPs: u64): void {
  const flow = packet.flow;
  if (!isFollowed(flow, packet.word3, nowPs, nowPs + 1)) return;
  write(append(WatchKind.Refusal, nowPs, nowPs), 0, flow, packet.number, 0);
}

/** Whether the QP is watched now, and then which of its packets is followed. */
export function followedPacket(flow: u32, nowPs: u64): u32 {
  const slice = sliceAt(flow, nowPs, nowPs + 1);
  return changetype<u32>(slice) == 0 ? NOT_WATCHED : slice.number;
}

/** Something happened to a QP that is watched now, which leaves it in `state`. */
export function watchQp(flow: u32, event: QpEvent, state: u32, nowPs: u64): void {
  const record = append(WatchKind.Qp, nowPs, nowPs);
  record.state = state;
  write(record, 0, flow, 0, event);
}

/** A QP sends a packet. Returns the record, for the state in which that leaves the QP. */
export function watchSend(flow: u32, event: QpEvent, number: u32, startPs: u64, takesPs: u64, endPs: u64): WatchRecord {
  if (changetype<u32>(sliceAt(flow, startPs, endPs)) == 0) return nowhere;
  const record = append(WatchKind.Qp, startPs, endPs);
  record.takesPs = takesPs;
  write(record, 0, flow, number, event);
  return record;
}

/** A watched QP begins a turn of packets that it sends again, whenever that is. */
export function watchTurn(flow: u32, number: u32, timer: bool, nowPs: u64): void {
  if (itemAt(flow).count != 0) write(append(WatchKind.Turn, nowPs, nowPs), 0, flow, number, timer ? 1 : 0);
}

/** A lane was paused, or may go on, whenever that is. */
export function watchPause(lane: u32, paused: bool, nowPs: u64): void {
  if (mode != WatchMode.Waits && (mode != WatchMode.Ports || itemAt(lane % run.portCount).count == 0)) return;
  write(append(paused ? WatchKind.Pause : WatchKind.Resume, nowPs, nowPs), lane, NO_FLOW, 0, 0);
}

/** A lane begins to wait for credit, or has ended it. */
export function watchCredit(lane: u32, waits: bool, nowPs: u64): void {
  write(append(waits ? WatchKind.CreditWait : WatchKind.CreditEnd, nowPs, nowPs), lane, NO_FLOW, 0, 0);
}

/** The egress lane `holder` is found to hold packets of an ingress lane. */
export function watchHolder(ingress: u32, holder: u32, others: bool, nowPs: u64): void {
  write(append(WatchKind.Holder, nowPs, nowPs), ingress, NO_FLOW, holder, others ? 1 : 0);
}

/** A packet of a flow waits at a lane that may go on. */
export function watchHeld(lane: u32, flow: u32, nowPs: u64): void {
  write(append(WatchKind.Held, nowPs, nowPs), lane, flow, 0, 0);
}


@inline
function itemAt(item: u32): WatchItem {
  return changetype<WatchItem>(run.watchItems + item * offsetof<WatchItem>());
}

/** Whether a packet is the one that is followed of its flow, at some time in `[startPs, endPs)`. */
function isFollowed(flow: u32, word3: u32, startPs: u64, endPs: u64): bool {
  const slice = sliceAt(flow, startPs, endPs);
  return changetype<u32>(slice) != 0 && ((slice.number ^ word3) & NUMBER_MASK) == 0;
}

/** The slice of a flow or port that overlaps `[startPs, endPs)`; 0 where none does. */
function sliceAt(number: u32, startPs: u64, endPs: u64): WatchSlice {
  const item = itemAt(number);
  const base = run.watchSlices + item.first * offsetof<WatchSlice>();
  let low: u32 = 0;
  let high = item.count;
  // The last one that begins before the end.
  while (low < high) {
    const middle = (low + high) >> 1;
    if (changetype<WatchSlice>(base + middle * offsetof<WatchSlice>()).fromPs < endPs) low = middle + 1;
    else high = middle;
  }
  if (low == 0) return changetype<WatchSlice>(0);
  const slice = changetype<WatchSlice>(base + (low - 1) * offsetof<WatchSlice>());
  return slice.toPs >= startPs ? slice : changetype<WatchSlice>(0);
}

/**
 * A record that nobody reads. At a fixed address: a module with data of its own could not be told
 * from one whose policy has some.
 */
const nowhere: WatchRecord = changetype<WatchRecord>(128);

function append(kind: WatchKind, startPs: u64, endPs: u64): WatchRecord {
  const count = load<u32>(buffer);
  if (count == run.watchLimit) {
    store<u32>(buffer, 1, 4);
    return nowhere;
  }
  store<u32>(buffer, count + 1);
  const record = changetype<WatchRecord>(buffer + HEAD_BYTES + count * offsetof<WatchRecord>());
  record.startPs = startPs;
  record.endPs = endPs;
  record.takesPs = 0;
  record.kind = kind;
  record.state = 0;
  return record;
}


@inline
function write(record: WatchRecord, place: u32, flow: u32, number: u32, detail: u32): void {
  record.place = place;
  record.flow = flow;
  record.number = number;
  record.detail = detail;
}
