/** The lists of a run: packets under way and in queues, posts, QPs that wait for their time. */

import type { CoreInstance } from "../core/instance.js";
import {
  KEY,
  NIC_BYTES,
  Nic,
  PACED_BYTES,
  Paced,
  PORT_BYTES,
  PORTEXTRA_BYTES,
  Port,
  PortExtra,
  Post,
  Run,
  SENDER_BYTES,
  Sender,
  THREAD_BYTES,
  Thread,
} from "../core/layout.js";
import { settledPs } from "../core/windows.js";
import {
  entropyIn,
  isNumbered,
  moveStamp,
  RECORD_WORDS,
  recordAfter,
  renumbered,
  sinceSentPs,
  tagAddress,
} from "./packets.js";
import { isNoTime, setWide, wide } from "./shape.js";

/** Words of an inbox box: count, first record, last record, bytes. */
const BOX_WORDS = 4;

/** Takes each list in an order that does not depend on where things lie in memory. */
interface Visitor {
  /** `place` tells lists apart; `count` records, all of which follow. */
  list(place: number, count: number): void;
  /** A packet, whose record is at an address; a pause frame where not `isPacket`. */
  packet(address: number, isPacket: boolean): void;
  /** A record that begins with a time. */
  timed(address: number): void;
}

/** Every list field of the layout must be walked here: the type fails to check where one is not. */
type Lists<R> = { [K in keyof R as R[K] extends { role: "list" } ? K : never]: true };
const WALKED: Lists<typeof Port> & Lists<typeof PortExtra> = {
  dataHead: true,
  dataTail: true,
  controlHead: true,
  controlTail: true,
};
/** The bitmaps among these are compared where their counters are: see flows.ts and alike.ts. */
const WALKED_AT_HOSTS: Lists<typeof Nic> & Lists<typeof Sender> = {
  sendable: true,
  postHead: true,
  postTail: true,
  paced: true,
  held: true,
  resend: true,
  borders: true,
};
void [WALKED, WALKED_AT_HOSTS];

function walk(core: CoreInstance, words: Uint32Array, visitor: Visitor): void {
  walkInboxes(core, words, visitor);
  walkQueues(core, words, visitor);
  walkNics(core, words, visitor);
}

function walkInboxes({ memory, header }: CoreInstance, words: Uint32Array, visitor: Visitor): void {
  const devices = memory.get(header, Run.deviceCount);
  const slots = memory.get(header, Run.slots);
  const threads = memory.get(header, Run.threadCount);
  const first = memory.get(header, Run.windowIndex) + 1;
  const boxes = Array.from({ length: threads }, (_, i) => {
    return memory.get(memory.get(header, Run.threads) + i * THREAD_BYTES, Thread.boxes) >>> 2;
  });
  const found: number[] = [];
  for (let ahead = 0; ahead < slots; ahead++) {
    const slot = (first + ahead) % slots;
    for (let device = 0; device < devices; device++) {
      found.length = 0;
      for (const base of boxes) {
        const box = base + (slot * devices + device) * BOX_WORDS;
        let record = words[box + 1]!;
        for (let left = words[box]!; left > 0; left--) {
          insertByKey(words, found, record);
          if (left > 1) record = recordAfter(words, record);
        }
      }
      if (found.length === 0) continue;
      visitor.list(ahead * devices + device, found.length);
      for (const record of found) visitor.packet(record, (words[record >>> 2]! & KEY.PACKET_BIT) !== 0);
    }
  }
}

/** No two arrivals of a device in a window have the same key. */
function insertByKey(words: Uint32Array, found: number[], record: number): void {
  const key = words[record >>> 2]!;
  let hole = found.length;
  found.push(record);
  while (hole > 0 && words[found[hole - 1]! >>> 2]! > key) {
    found[hole] = found[hole - 1]!;
    hole--;
  }
  found[hole] = record;
}

function walkQueues({ memory, header }: CoreInstance, words: Uint32Array, visitor: Visitor): void {
  const ports = memory.get(header, Run.ports);
  const extras = memory.get(header, Run.portExtras);
  const count = memory.get(header, Run.portCount);
  for (let port = 0; port < count; port++) {
    const at = (ports + port * PORT_BYTES) >>> 2;
    const data = words[at + (Port.dataHead.offset >>> 2)]!;
    const control = words[at + (Port.controlHead.offset >>> 2)]!;
    if (data !== 0) walkQueue(words, 2 * port, data, words[at + (Port.dataTail.offset >>> 2)]!, visitor);
    if (control === 0) continue;
    const tail = words[(extras + port * PORTEXTRA_BYTES + PortExtra.controlTail.offset) >>> 2]!;
    walkQueue(words, 2 * port + 1, control, tail, visitor);
  }
}

function walkQueue(words: Uint32Array, place: number, head: number, tail: number, visitor: Visitor): void {
  let count = 1;
  for (let record = head; record !== tail; record = recordAfter(words, record)) count++;
  visitor.list(place, count);
  for (let record = head; ; record = recordAfter(words, record)) {
    visitor.packet(record, true);
    if (record === tail) return;
  }
}

function walkNics({ memory, header }: CoreInstance, words: Uint32Array, visitor: Visitor): void {
  const nics = memory.get(header, Run.nics);
  const count = memory.get(header, Run.nicCount);
  for (let nic = 0; nic < count; nic++) {
    const at = (nics + nic * NIC_BYTES) >>> 2;
    const posts = words[at + (Nic.postCount.offset >>> 2)]!;
    if (posts !== 0) visitor.list(2 * nic, posts);
    let post = words[at + (Nic.postHead.offset >>> 2)]!;
    for (let left = posts; left > 0; left--) {
      visitor.timed(post);
      if (left > 1) post = recordAfter(words, post);
    }
    const paced = words[at + (Nic.pacedCount.offset >>> 2)]!;
    if (paced !== 0) visitor.list(2 * nic + 1, paced);
    const heap = words[at + (Nic.paced.offset >>> 2)]!;
    for (let i = 0; i < paced; i++) visitor.timed(heap + i * PACED_BYTES);
  }
}

/** A post and an entry of a heap begin with a time, in a record of four words. */
const TIME_WORD = Post.timePs.offset >>> 2;
if (Paced.timePs.offset >>> 2 !== TIME_WORD || PACED_BYTES !== 4 * RECORD_WORDS)
  throw new Error("lists.ts is out of date");

/**
 * All lists in words that are the same for states that are alike: times from now on, packet numbers
 * from the first unacknowledged one.
 */
export function readLists(core: CoreInstance): Uint32Array {
  const words = new Uint32Array(core.memory.memory.buffer);
  const { memory, header } = core;
  const nowPs = settledPs(core);
  const tagBytes = memory.get(header, Run.tagBytes);
  const tagTable = memory.get(header, Run.tagTable);
  const acked = (memory.get(header, Run.senders) + Sender.acked.offset) >>> 2;
  let out = new Uint32Array(1 << 16);
  let size = 0;
  const reserve = (more: number) => {
    if (size + more <= out.length) return;
    const larger = new Uint32Array(2 * out.length);
    larger.set(out);
    out = larger;
  };
  const putTime = (at: number) => {
    if (isNoTime(words, at)) {
      out[size++] = words[at]!;
      out[size++] = words[at + 1]!;
      return;
    }
    const ahead = wide(words, at) - nowPs;
    out[size++] = ahead;
    out[size++] = Math.floor(ahead / 2 ** 32);
  };
  walk(core, words, {
    list(place, count) {
      reserve(2);
      out[size++] = place;
      out[size++] = count;
    },
    packet(address, isPacket) {
      reserve(8);
      const at = address >>> 2;
      const word1 = words[at + 1]!;
      const flow = words[at + 2]!;
      const word3 = words[at + 3]!;
      out[size++] = words[at]!;
      out[size++] = word1;
      out[size++] = flow;
      out[size++] =
        isPacket && isNumbered(word1) ? renumbered(word3, -words[acked + flow * (SENDER_BYTES >>> 2)]!) : word3;
      if (tagBytes === 0 || !isPacket) return;
      const tag = tagAddress(words, tagTable, tagBytes, address) >>> 2;
      const spanPs = sinceSentPs(words, tag, nowPs);
      out[size++] = spanPs;
      out[size++] = Math.floor(spanPs / 2 ** 32);
      out[size++] = entropyIn(words, tag);
    },
    timed(address) {
      reserve(4);
      const at = address >>> 2;
      putTime(at + TIME_WORD);
      out[size++] = words[at + 2]!;
      out[size++] = words[at + 3]!;
    },
  });
  return out.subarray(0, size);
}

/**
 * Moves all times in lists ahead by `byPs`, and packet numbers by how far their flows got. Inboxes
 * are relative to their windows.
 * @param packets By flow.
 */
export function moveLists(core: CoreInstance, byPs: number, packets: Float64Array): void {
  const words = new Uint32Array(core.memory.memory.buffer);
  const { memory, header } = core;
  const tagBytes = memory.get(header, Run.tagBytes);
  const tagTable = memory.get(header, Run.tagTable);
  const moveTime = (at: number) => {
    if (!isNoTime(words, at)) setWide(words, at, wide(words, at) + byPs);
  };
  walk(core, words, {
    list() {},
    packet(address, isPacket) {
      if (!isPacket) return;
      const at = address >>> 2;
      const by = packets[words[at + 2]!]!;
      if (isNumbered(words[at + 1]!)) words[at + 3] = renumbered(words[at + 3]!, by % 2 ** 24);
      if (tagBytes !== 0) moveStamp(words, tagAddress(words, tagTable, tagBytes, address) >>> 2, byPs);
    },
    timed(address) {
      moveTime((address >>> 2) + TIME_WORD);
    },
  });
}
