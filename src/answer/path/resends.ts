/** Why packets were sent again, and how the sender learned that (docs/MODEL.md §13). */
import { PACKET, QpEvent, QUEUED_AGAIN, WatchedLoss } from "../../engine/core/layout.js";
import type { WatchRecord } from "../../engine/core/watch.js";
import type { FlowRecords } from "./by-chunk.js";
import type { LossReason, Tile } from "./tiles.js";

const REASONS: Record<number, LossReason> = {
  [WatchedLoss.Crc]: "crc",
  [WatchedLoss.LinkDown]: "link-down",
  [WatchedLoss.Congestion]: "congestion",
  [WatchedLoss.Watchdog]: "watchdog",
  [WatchedLoss.Trimmed]: "trimmed",
};

/** A turn of packets that are sent again. */
export interface Turn {
  /**
   * The event with which the packet that it begins with was sent before; undefined where that was
   * before the chunk became sendable.
   */
  readonly copy: number | undefined;
  /** When the sender knew, and whether by a timer. */
  readonly beginsPs: number;
  readonly timer: boolean;
  readonly reason: Pick<Tile, "cause" | "loss">;
}

export function isSend({ detail }: WatchRecord): boolean {
  return detail === QpEvent.Sent || detail === QpEvent.Resent;
}

export class Resends {
  /** The turn that was asked for last. */
  #last: { readonly record: WatchRecord; readonly turn: Turn } | undefined;

  constructor(
    /** Events of the QP, in order of time. */
    private readonly qp: readonly WatchRecord[],
    private readonly history: FlowRecords,
    private readonly selective: boolean,
  ) {}

  /** The turn that the packet of event number `at` belongs to; undefined where it is sent first. */
  turnOf(at: number): Turn | undefined {
    if (this.qp[at]!.detail !== QpEvent.Resent) return undefined;
    return this.selective ? this.#ownTurn(at) : this.#turnBack(at);
  }

  /** Why the packet of event number `at` is sent again. */
  reasonOf(at: number): Pick<Tile, "cause" | "loss"> {
    return this.turnOf(at)?.reason ?? { cause: "unknown" };
  }

  /** Selective: the packet was queued again by itself. */
  #ownTurn(at: number): Turn {
    const { number, startPs } = this.qp[at]!;
    let copy: number | undefined;
    for (let i = at - 1; i >= 0 && copy === undefined; i--) {
      if (isSend(this.qp[i]!) && this.qp[i]!.number === number) copy = i;
    }
    let queued = copy === undefined ? 0 : copy + 1;
    while (queued < at && (this.qp[queued]!.state & QUEUED_AGAIN) === 0) queued += 1;
    const beginsPs = queued < at ? this.qp[queued]!.startPs : startPs;
    const sentPs = copy === undefined ? Number.NEGATIVE_INFINITY : this.qp[copy]!.startPs;
    const timer = this.history.turns.some((one) => one.startPs > sentPs && one.startPs <= startPs);
    const isByTimer = queued < at && this.qp[queued]!.detail === QpEvent.TimerExpired;
    return { copy, beginsPs, timer: isByTimer, reason: this.#reason(number, startPs, timer) };
  }

  /** Go-back-n: the turn began with the first packet that was not acknowledged. */
  #turnBack(at: number): Turn | undefined {
    const { startPs } = this.qp[at]!;
    const turn = this.history.turns.findLast((one) => one.startPs <= startPs);
    if (turn === undefined) return undefined;
    if (turn === this.#last?.record) return this.#last.turn;
    let copy: number | undefined;
    for (let i = at - 1; i >= 0 && copy === undefined; i--) {
      const event = this.qp[i]!;
      if (isSend(event) && event.startPs < turn.startPs && event.number === turn.number) copy = i;
    }
    const reason = this.#reason(turn.number, turn.startPs, turn.detail === 1);
    this.#last = { record: turn, turn: { copy, beginsPs: turn.startPs, timer: turn.detail === 1, reason } };
    return this.#last.turn;
  }

  #reason(number: number, beforePs: number, timer: boolean): Pick<Tile, "cause" | "loss"> {
    const loss = this.history.losses.findLast(
      (one) => one.startPs < beforePs && ((one.number ^ number) & PACKET.NUMBER_MASK) === 0,
    );
    if (loss !== undefined) {
      return { cause: "retransmission", loss: { port: loss.place, reason: REASONS[loss.detail]! } };
    }
    return { cause: timer ? "retransmission" : "reordering" };
  }
}
