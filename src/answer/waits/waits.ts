/** Pauses and waits for credit, as a run has recorded them (docs/MODEL.md §14). */

import { NO_FLOW, WatchKind } from "../../engine/core/layout.js";
import type { WatchRecord } from "../../engine/core/watch.js";
import { PlanError } from "../../plan/plan-error.js";
import { lowerBound } from "../../util/lower-bound.js";

/** A time in which an egress lane (a port and data class) could not send. */
export interface LaneWait {
  readonly lane: number;
  readonly kind: "pause" | "credit";
  readonly fromPs: number;
  readonly toPs: number;
  /** The egress lane of the device at the other end that held its packets; -1 where none did. */
  readonly holder: number;
  /** When that was found. */
  readonly decidedPs: number;
  /** On credit: nothing else waited at the holder, so the loop of credit was too long. */
  readonly isLoop: boolean;
  /** Flows with a packet that waited at the lane. */
  readonly flows: readonly number[];
}

interface Open {
  readonly kind: "pause" | "credit";
  readonly fromPs: number;
  readonly flows: Set<number>;
}

interface Closed extends Omit<LaneWait, "holder" | "decidedPs" | "isLoop"> {
  /** It lasts to the end of the run. */
  readonly isOpen: boolean;
}

interface Found {
  readonly timePs: number;
  readonly holder: number;
  readonly isLoop: boolean;
}

/** Waits that are kept at most, some hundred bytes each. */
const MAX_WAITS = 2 ** 22;

export class WaitLog {
  readonly #open = new Map<number, Open>();
  readonly #closed: Closed[] = [];
  /** By ingress lane, in order of time. */
  readonly #found = new Map<number, Found[]>();

  /** @param peerPort By port: the port at the other end of its link. */
  constructor(private readonly peerPort: ArrayLike<number>) {}

  /** Records of one lane come in order of time. */
  readonly take = ({ kind, place, startPs, flow, number, detail }: WatchRecord): void => {
    if (kind === WatchKind.Pause || kind === WatchKind.CreditWait) {
      const waits = kind === WatchKind.Pause ? "pause" : "credit";
      if (!this.#open.has(place)) this.#open.set(place, { kind: waits, fromPs: startPs, flows: new Set() });
    } else if (kind === WatchKind.Held) {
      this.#open.get(place)?.flows.add(flow);
    } else if (kind === WatchKind.Holder) {
      this.#find(place, { timePs: startPs, holder: number === NO_FLOW ? -1 : number, isLoop: detail === 0 });
    } else {
      this.#close(place, startPs, false);
    }
  };

  #find(ingress: number, found: Found): void {
    const list = this.#found.get(ingress);
    if (list === undefined) this.#found.set(ingress, [found]);
    else list.push(found);
  }

  #close(lane: number, toPs: number, isOpen: boolean): void {
    const open = this.#open.get(lane)!;
    this.#open.delete(lane);
    if (toPs <= open.fromPs) return;
    if (this.#closed.length === MAX_WAITS) {
      throw new PlanError(
        `the run has more than ${MAX_WAITS} pauses and waits for credit, which cannot all be traced; give it a timeLimit, or leave --pauses out`,
        [["timeLimit"]],
      );
    }
    this.#closed.push({ lane, kind: open.kind, fromPs: open.fromPs, toPs, isOpen, flows: [...open.flows] });
  }

  /** All waits, with those that last to the end of the run. */
  waits(endPs: number): LaneWait[] {
    for (const lane of [...this.#open.keys()]) this.#close(lane, endPs, true);
    return this.#closed.map((wait) => this.#traced(wait));
  }

  /**
   * Of a pause: what was found last before it took effect. Of a wait for credit: what was found
   * last before it ended.
   */
  #traced({ lane, kind, fromPs, toPs, isOpen, flows }: Closed): LaneWait {
    const ports = this.peerPort.length;
    const port = lane % ports;
    const list = this.#found.get(lane - port + this.peerPort[port]!) ?? [];
    const isPause = kind === "pause";
    const beforePs = isPause ? fromPs : isOpen ? toPs + 1 : toPs;
    const found = list[lowerBound(list.length, (i) => list[i]!.timePs >= beforePs) - 1];
    const decidedPs = isPause && found !== undefined ? found.timePs : fromPs;
    const isLoop = !isPause && (found?.isLoop ?? true);
    return { lane, kind, fromPs, toPs, holder: found?.holder ?? -1, decidedPs, isLoop, flows };
  }
}
