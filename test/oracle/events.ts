import { check } from "./check.js";
import type { Packet } from "./packet.js";

/**
 * What happens within one device at one instant, in this order (MODEL §4). Posts are two steps:
 * starts, then dependencies.
 */
export const Step = {
  start: 0,
  dependencyPost: 1,
  program: 2,
  arrival: 3,
  sum: 4,
  stall: 5,
  pauseTimer: 6,
  timer: 7,
  endOfTransmission: 8,
} as const;

/** When and where an event happens; also its place among simultaneous ones. */
export interface Moment {
  readonly timePs: number;
  readonly device: number;
  readonly step: number;
  /** Flow, port or order of triggering, whatever the step is ordered by. */
  readonly rank: number;
  /** On one port a pause frame (0) goes before a packet (1). */
  readonly subrank: number;
}

/** A scheduled event; `cancelled` ones are skipped as if they had never been scheduled. */
export interface Event extends Moment {
  readonly action: () => void;
  /** Packet on its way, for the count of packets in flight. */
  readonly packet: Packet | null;
  cancelled: boolean;
}

function compare(a: Moment, b: Moment): number {
  return a.timePs - b.timePs || a.device - b.device || a.step - b.step || a.rank - b.rank || a.subrank - b.subrank;
}

/** All events to come, in one binary heap, and the time. */
export class EventQueue {
  nowPs = 0;
  private readonly heap: Event[] = [];
  private last: Moment = { timePs: 0, device: -1, step: 0, rank: 0, subrank: 0 };

  schedule(moment: Moment, action: () => void, packet: Packet | null = null): Event {
    const event = { ...moment, action, packet, cancelled: false };
    check(Number.isSafeInteger(event.timePs), `event time ${event.timePs} is an exact integer`);
    check(compare(event, this.last) > 0, "an event is scheduled after the one that causes it");
    const heap = this.heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (compare(heap[parent]!, event) <= 0) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = event;
    return event;
  }

  /** The next event, left in the queue; undefined when there is none. */
  peek(): Event | undefined {
    while (this.heap[0]?.cancelled) this.pop();
    return this.heap[0];
  }

  /** Takes the next event out and runs it. */
  runNext(): void {
    const event = this.peek();
    check(event !== undefined, "an event is left to run");
    this.pop();
    check(compare(event, this.last) > 0, "events run in order and no two have one place in it");
    this.last = event;
    this.nowPs = event.timePs;
    event.action();
  }

  /** Packets on their way to a device. */
  packetsUnderway(): number {
    return this.heap.filter((event) => event.packet !== null).length;
  }

  private pop(): void {
    const heap = this.heap;
    const tail = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && compare(heap[child + 1]!, heap[child]!) < 0) child += 1;
      if (compare(heap[child]!, tail) >= 0) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = tail;
  }
}
