/** What the oracle notes of a run for its critical path: everything, as it happens. */
import type { LossReason } from "../../src/answer/path/tiles.js";
import type { Packet } from "./packet.js";

/** A packet at a port: when it came to the queue, and its transmission. */
export interface Hop {
  readonly port: number;
  readonly queuedPs: number;
  readonly startPs: number;
  readonly takesPs: number;
  readonly endPs: number;
}

export type SenderState = "sendable" | "empty" | "held" | "full";

export interface SenderEvent {
  readonly timePs: number;
  /** What it leaves the QP in. */
  readonly state: SenderState;
  readonly timer: boolean;
  /** The packet that is sent. */
  readonly sent?: { readonly packet: Packet; readonly again: boolean };
}

interface Loss {
  readonly timePs: number;
  readonly number: number;
  readonly port: number;
  readonly reason: LossReason;
}

interface Turn {
  readonly timePs: number;
  readonly number: number;
  readonly timer: boolean;
}

interface Requeue extends Turn {
  /** Events of the flow before: several things may happen at one instant. */
  readonly eventsBefore: number;
}

interface Sending {
  readonly fromPs: number;
  readonly toPs: number;
  /** -1 where it is no data. */
  readonly flow: number;
}

/** A time in which a lane (a port and data class) could not send. */
export interface OracleWait {
  readonly lane: number;
  readonly kind: "pause" | "credit";
  readonly fromPs: number;
  toPs: number;
  isOpen: boolean;
  readonly flows: Set<number>;
}

/** What holds the packets of an ingress lane: an egress lane, or -1. */
export interface OracleHolder {
  readonly timePs: number;
  readonly holder: number;
  /** Nothing else waits there. */
  readonly isAlone: boolean;
}

/** A list for each key. */
class Lists<T> {
  readonly #lists = new Map<number, T[]>();

  add(key: number, item: T): void {
    const list = this.#lists.get(key);
    if (list === undefined) this.#lists.set(key, [item]);
    else list.push(item);
  }

  of(key: number): readonly T[] {
    return this.#lists.get(key) ?? [];
  }
}

export class Log {
  /** The packet that a NIC processes. */
  processing: Packet | null = null;
  readonly hops = new Map<Packet, Hop[]>();
  readonly deliveries = new Map<string, { readonly timePs: number; readonly packet: Packet }>();
  /** By flow. */
  readonly events = new Lists<SenderEvent>();
  readonly losses = new Lists<Loss>();
  /** By flow: with go-back-n the sender goes back, with selective recovery its timer expires. */
  readonly turns = new Lists<Turn>();
  /** By flow: with selective recovery a packet is queued to be sent again. */
  readonly queuedAgain = new Lists<Requeue>();
  /** By port, and by port and data class. */
  readonly sendings = new Lists<Sending>();
  readonly pauses = new Map<string, { readonly timePs: number; readonly paused: boolean }[]>();
  readonly waits: OracleWait[] = [];
  /** By ingress lane. */
  readonly holders = new Lists<OracleHolder>();
  readonly #queued = new Map<Packet, number>();

  queued(packet: Packet, nowPs: number): void {
    this.#queued.set(packet, nowPs);
  }

  transmits(packet: Packet, port: number, startPs: number, takesPs: number, endPs: number): void {
    const isData = packet.kind === "data";
    this.sendings.add(port, { fromPs: startPs, toPs: endPs, flow: isData ? packet.flow : -1 });
    if (!isData) return;
    const hops = this.hops.get(packet) ?? [];
    hops.push({ port, queuedPs: this.#queued.get(packet) ?? startPs, startPs, takesPs, endPs });
    this.hops.set(packet, hops);
  }

  queuesAgain(flow: number, number: number, timer: boolean, timePs: number): void {
    this.queuedAgain.add(flow, { timePs, number, timer, eventsBefore: this.events.of(flow).length });
  }

  loses(packet: Packet, port: number, reason: LossReason, timePs: number): void {
    if (packet.kind === "data") this.losses.add(packet.flow, { timePs, number: packet.number, port, reason });
  }

  delivers(flow: number, chunk: number, timePs: number): void {
    this.deliveries.set(`${flow} ${chunk}`, { timePs, packet: this.processing! });
  }

  beginsWait(lane: number, kind: "pause" | "credit", fromPs: number): void {
    if (this.#openWait(lane) === undefined) {
      this.waits.push({ lane, kind, fromPs, toPs: Number.NaN, isOpen: true, flows: new Set() });
    }
  }

  /** Flows wait at a lane that may go on. */
  holdsUp(lane: number, flows: readonly number[]): void {
    const wait = this.#openWait(lane);
    for (const flow of flows) wait?.flows.add(flow);
  }

  endsWait(lane: number, toPs: number): void {
    const wait = this.#openWait(lane)!;
    wait.toPs = toPs;
    wait.isOpen = false;
  }

  #openWait(lane: number): OracleWait | undefined {
    return this.waits.find((wait) => wait.lane === lane && wait.isOpen);
  }

  notesPause(port: number, dataClass: number, paused: boolean, timePs: number): void {
    const key = `${port} ${dataClass}`;
    const list = this.pauses.get(key) ?? [];
    list.push({ timePs, paused });
    this.pauses.set(key, list);
  }
}
