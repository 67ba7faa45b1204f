/**
 * What a run records for the critical path and the causes of waits (docs/MODEL.md §13, §14), and
 * what it is to watch.
 */
import type { RunPlan } from "../../plan/plan.js";
import type { CoreInstance } from "./instance.js";
import {
  ExactStep,
  Run,
  SWITCH_BYTES,
  Switch,
  WATCHITEM_BYTES,
  WATCHRECORD_BYTES,
  WATCHSLICE_BYTES,
  WatchItem,
  type WatchKind,
  WatchMode,
  WatchSlice,
} from "./layout.js";

/** One of the core's records; see `assembly/memory/structs/watch.ts`. */
export interface WatchRecord {
  readonly kind: (typeof WatchKind)[keyof typeof WatchKind];
  readonly startPs: number;
  readonly endPs: number;
  /** Of a transmission: its serialization; the rest are repetitions by the link. */
  readonly takesPs: number;
  /** A port, or a lane (a port and data class). */
  readonly place: number;
  /** All ones for a frame. */
  readonly flow: number;
  /** Of a packet; on links its lowest 24 bits. */
  readonly number: number;
  readonly detail: number;
  readonly state: number;
}

/** A stretch of time for which a flow or port is watched. */
export interface Slice {
  /** The flow or port. */
  readonly item: number;
  readonly fromPs: number;
  readonly toPs: number;
  /** Of a flow: the packet that is followed on its way. */
  readonly number: number;
}

/**
 * What a run is to record: when each chunk was delivered and by which packet (`readDelivery`), or
 * records, and who hears of these. They come in no order but by thread.
 */
export type Watch =
  | { readonly kind: "deliveries" }
  | { readonly kind: "waits"; readonly onRecord: (record: WatchRecord) => void }
  | {
      readonly kind: "flows" | "ports";
      /** Those of one item do not overlap. */
      readonly slices: readonly Slice[];
      readonly onRecord: (record: WatchRecord) => void;
    };

const MODES = { waits: WatchMode.Waits, flows: WatchMode.Flows, ports: WatchMode.Ports } as const;

/**
 * Packet-hops between two looks at the buffers. A hop brings two or three records at most, and
 * calls end with the window, which the rest of the buffer is for.
 */
const HOPS_PER_LOOK = 16_384;
const BUFFER_RECORDS = 4 * HOPS_PER_LOOK;
/** Of causes of waits each wait brings up to 64 records or so, and a lane has few in a window. */
const HOPS_PER_LOOK_AT_WAITS = 1024;
const RECORDS_PER_LANE = 70;
const HEAD_BYTES = 8;

/** Bytes of linear memory that the record of these deliveries takes besides. */
export function deliveryBytes(flows: number, chunks: number): number {
  return 4 * flows + 12 * chunks;
}

/**
 * Makes a run record, with up to `threads` threads, right after it was laid out. Its core must be
 * the full one.
 */
export function startWatching(core: CoreInstance, { flows }: RunPlan, watch: Watch, threads: number): void {
  if (watch.kind === "deliveries") watchDeliveries(core, flows.chunks);
  else watchItems(core, watch, threads);
}

function watchDeliveries({ exports, memory }: CoreInstance, chunks: Uint32Array): void {
  const total = chunks.reduce((sum, each) => sum + each, 0);
  const table = exports.watchDeliveries(total);
  let first = 0;
  chunks.forEach((count, flow) => {
    memory.setU32(table + 4 * flow, first);
    first += count;
  });
}

/** When a chunk was delivered, counted over all flows, and by which packet; 0 before it was. */
export function readDelivery({ memory, header }: CoreInstance, place: number): { timePs: number; packet: number } {
  const { view } = memory;
  const at = memory.get(header, Run.watchSlices) + 8 * place;
  return {
    timePs: view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true),
    packet: view.getUint32(memory.get(header, Run.watchRecords) + 4 * place, true),
  };
}

function watchItems(
  { exports, memory, header }: CoreInstance,
  watch: Exclude<Watch, { kind: "deliveries" }>,
  threads: number,
): void {
  const slices = watch.kind === "waits" ? [] : sorted(watch.slices);
  const items = memory.get(header, watch.kind === "flows" ? Run.flowCount : Run.portCount);
  const records = watch.kind === "waits" ? recordsOfWaits(items * memory.get(header, Run.classCount)) : BUFFER_RECORDS;
  const table = exports.watchFor(MODES[watch.kind], items, slices.length, records, threads);
  const first = memory.get(header, Run.watchSlices);
  slices.forEach(({ item, fromPs, toPs, number }, i) => {
    const at = first + i * WATCHSLICE_BYTES;
    memory.set(at, WatchSlice.fromPs, fromPs);
    memory.set(at, WatchSlice.toPs, toPs);
    memory.set(at, WatchSlice.number, number);
    const entry = table + item * WATCHITEM_BYTES;
    const count = memory.get(entry, WatchItem.count);
    if (count === 0) memory.set(entry, WatchItem.first, i);
    memory.set(entry, WatchItem.count, count + 1);
  });
  // The exact step tells of each packet; both steps leave the same state behind.
  const switches = memory.get(header, Run.switches);
  for (let i = 0; i < memory.get(header, Run.switchCount); i++) {
    const at = switches + i * SWITCH_BYTES;
    if (watch.kind !== "waits") memory.set(at, Switch.exactStep, ExactStep.Always);
    else if (memory.get(at, Switch.exactStep) === ExactStep.WhereNeeded)
      memory.set(at, Switch.exactStep, ExactStep.WherePaused);
  }
}

/** Records that a thread's buffer has room for where the causes of waits are watched. */
function recordsOfWaits(lanes: number): number {
  return BUFFER_RECORDS + RECORDS_PER_LANE * Math.min(lanes, 16_384);
}

/** Bytes of linear memory that a run takes besides which records the causes of waits. */
export function waitRecordBytes({ fabric, dataClasses }: RunPlan, threads: number): number {
  const ports = fabric.peerPort.length;
  return (
    threads * (HEAD_BYTES + recordsOfWaits(ports * dataClasses.length) * WATCHRECORD_BYTES) + ports * WATCHITEM_BYTES
  );
}

/** The same of a run that records what ports do, each for one stretch of time. */
export function portRecordBytes({ fabric }: RunPlan, watched: number, threads: number): number {
  const recordBytes = HEAD_BYTES + BUFFER_RECORDS * WATCHRECORD_BYTES;
  return threads * recordBytes + fabric.peerPort.length * WATCHITEM_BYTES + watched * WATCHSLICE_BYTES;
}

/** Packet-hops between two looks at the buffers. */
export function hopsPerLook({ kind }: Watch): number {
  return kind === "waits" ? HOPS_PER_LOOK_AT_WAITS : HOPS_PER_LOOK;
}

function sorted(slices: readonly Slice[]): Slice[] {
  return [...slices].sort((a, b) => a.item - b.item || a.fromPs - b.fromPs);
}

/**
 * Hands over what was recorded since, in order of time, and empties the buffers. At one instant
 * records of one device keep their order.
 * @throws Error where one ran over
 */
export function drainRecords(core: CoreInstance, onRecord: (record: WatchRecord) => void): void {
  const threads = core.memory.get(core.header, Run.threadCount);
  if (threads === 1) {
    drainBuffer(core, 0, onRecord);
    return;
  }
  // A device may belong to another thread in the next window.
  const records: WatchRecord[] = [];
  for (let thread = 0; thread < threads; thread++) drainBuffer(core, thread, (record) => records.push(record));
  for (const record of records.sort((a, b) => a.startPs - b.startPs)) onRecord(record);
}

function drainBuffer({ memory, header }: CoreInstance, thread: number, onRecord: (record: WatchRecord) => void): void {
  const { view } = memory;
  const bytes = HEAD_BYTES + memory.get(header, Run.watchLimit) * WATCHRECORD_BYTES;
  const buffer = memory.get(header, Run.watchRecords) + thread * bytes;
  const count = view.getUint32(buffer, true);
  if (view.getUint32(buffer + 4, true) !== 0) throw new Error("a buffer of watched events ran over");
  view.setUint32(buffer, 0, true);
  for (let at = buffer + HEAD_BYTES, end = at + count * WATCHRECORD_BYTES; at < end; at += WATCHRECORD_BYTES) {
    onRecord({
      startPs: view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true),
      endPs: view.getUint32(at + 12, true) * 2 ** 32 + view.getUint32(at + 8, true),
      takesPs: view.getUint32(at + 20, true) * 2 ** 32 + view.getUint32(at + 16, true),
      kind: view.getUint32(at + 24, true) as WatchRecord["kind"],
      place: view.getUint32(at + 28, true),
      flow: view.getUint32(at + 32, true),
      number: view.getUint32(at + 36, true),
      detail: view.getUint32(at + 40, true),
      state: view.getUint32(at + 44, true),
    });
  }
}
