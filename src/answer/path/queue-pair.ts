/** What a QP did from when a chunk became sendable until the packet left that delivered it. */
import { QpEvent, QpState } from "../../engine/core/layout.js";
import type { WatchRecord } from "../../engine/core/watch.js";
import { classOfFlow } from "../../plan/flows.js";
import type { PlanView } from "../ideal/view.js";
import type { ChunkRecords, FlowRecords } from "./by-chunk.js";
import type { PathChunk } from "./chunks.js";
import { isSend, Resends, type Turn } from "./resends.js";
import type { Tile, TileList } from "./tiles.js";

type Reason = Pick<Tile, "cause" | "loss">;

/** Adds the tiles of the QP, up to `untilPs`, the start of the packet that is followed. */
export function addQueuePair(
  view: PlanView,
  chunk: PathChunk,
  records: ChunkRecords,
  history: FlowRecords,
  untilPs: number,
  tiles: TileList,
): void {
  const { qp } = records;
  const resends = new Resends(qp, history, view.plan.transport.recovery === "selective");
  const last = qp.findIndex((event) => isSend(event) && event.startPs === untilPs);
  if (last < 0) return;
  // Copies of packets that were lost, from the last one back: the path waited for news of each.
  const turns: Turn[] = [];
  for (let at = last, turn = resends.turnOf(at); turn !== undefined; turn = resends.turnOf(at)) {
    turns.push(turn);
    if (turn.copy === undefined) break;
    at = turn.copy;
  }
  const sends = new Sends(view, chunk, qp, resends, tiles);
  for (const { copy, beginsPs, timer, reason } of turns.reverse()) {
    if (copy !== undefined) sends.addThrough(copy);
    const loss = reason.loss && { loss: reason.loss };
    const news: Reason = timer ? { cause: "timeout", ...loss } : reason;
    tiles.add(Math.min(beginsPs, untilPs), { flow: chunk.flow, port: sends.port, ...news });
  }
  sends.addUpTo(untilPs);
}

/** Tiles of what a QP sends, and of what keeps it from sending. */
class Sends {
  readonly port: number;
  readonly #dataClass: number;
  readonly #flow: number;
  /** The next event to look at, and the state that those before have left. */
  #next = 0;
  #state: number | undefined;

  constructor(
    { plan: { flows, fabric } }: PlanView,
    { flow }: PathChunk,
    private readonly qp: readonly WatchRecord[],
    private readonly resends: Resends,
    private readonly tiles: TileList,
  ) {
    this.#flow = flow;
    this.port = fabric.nics.port[flows.srcNic[flow]!]!;
    this.#dataClass = classOfFlow(flows, flow);
  }

  /** Up to the end of the packet that is sent with event number `copy`. */
  addThrough(copy: number): void {
    this.addUpTo(this.qp[copy]!.endPs);
  }

  addUpTo(untilPs: number): void {
    const { qp } = this;
    // A packet may be on the wire whose start has been seen.
    if (this.#next > 0) this.#addSend(this.#next - 1, untilPs);
    for (; this.#next < qp.length && qp[this.#next]!.startPs < untilPs; this.#next++) {
      const event = qp[this.#next]!;
      this.#fill(event.startPs, this.#next);
      this.#state = stateOf(event);
      this.#addSend(this.#next, untilPs);
    }
    this.#fill(untilPs, this.#next);
  }

  #addSend(place: number, untilPs: number): void {
    const event = this.qp[place]!;
    if (!isSend(event)) return;
    const { startPs, takesPs, endPs } = event;
    const reason: Reason = event.detail === QpEvent.Sent ? { cause: "serialization" } : this.resends.reasonOf(place);
    const at = { flow: this.#flow, port: this.port };
    this.tiles.add(Math.min(startPs + takesPs, untilPs), { ...at, ...reason });
    this.tiles.add(Math.min(endPs, untilPs), { ...at, cause: "link-retry" });
  }

  /** What the QP waits for up to event number `next`. */
  #fill(toPs: number, next: number): void {
    const at = { flow: this.#flow, port: this.port };
    if (this.#state === QpState.Sendable) this.tiles.add(toPs, { ...at, dataClass: this.#dataClass });
    else if (toPs > this.tiles.endPs) this.tiles.add(toPs, { ...at, ...this.#whyHeld(next) });
  }

  /** Why the QP could not send before event number `next`. */
  #whyHeld(next: number): Reason {
    const { qp, resends } = this;
    const sent = firstFrom(qp, next, isSend);
    const release = firstFrom(qp, next, (event) => stateOf(event) === QpState.Sendable || isSend(event));
    const isResent = sent >= 0 && qp[sent]!.detail === QpEvent.Resent;
    if (release >= 0 && qp[release]!.detail === QpEvent.TimerExpired) {
      const loss = isResent ? resends.reasonOf(sent).loss : undefined;
      return { cause: "timeout", ...(loss && { loss }) };
    }
    if (this.#state === QpState.Held) return { cause: "pacing" };
    if (this.#state !== QpState.WindowFull) return { cause: "unknown" };
    return isResent ? resends.reasonOf(sent) : { cause: "window" };
  }
}

function stateOf({ state }: WatchRecord): number {
  return state & 7;
}

function firstFrom(qp: readonly WatchRecord[], from: number, isWanted: (event: WatchRecord) => boolean): number {
  for (let i = from; i < qp.length; i++) if (isWanted(qp[i]!)) return i;
  return -1;
}
