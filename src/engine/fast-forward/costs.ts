/**
 * What looking for repetitions has cost, in packet-hops, and what it may cost. Counted, not timed,
 * so that a run does the same wherever it runs.
 */
import type { CoreInstance } from "../core/instance.js";
import { Thread } from "../core/layout.js";
import { sumOfThreads } from "../core/read.js";
import { field, momentBytes } from "./moment.js";

/** Bytes that are copied or compared in the time of a packet-hop. */
const BYTES_PER_HOP = 250;
/** A look at the watched sender at the end of a window, in packet-hops. */
const WATCHED_WINDOW = 4;
/** Flows, samples and words of lists that are looked at in the time of a packet-hop. */
const FLOWS_PER_HOP = 4;
const SAMPLES_PER_HOP = 10;
const WORDS_PER_HOP = 10;
/**
 * To let a window end at a given instant, in windows: those that are cut short are dear, each steps
 * all devices.
 */
const CUT_WINDOWS = 2;
/** Of any of these, however small, in packet-hops. */
const CALL = 300;
/** Packets that are moved to other windows in the time of a packet-hop. */
const MOVES_PER_HOP = 4;

export class Costs {
  #spent = 0;

  /**
   * @param share What looking may cost, as a share of what is simulated and skipped.
   * @param comparisons How often a state that is kept is compared with later ones.
   */
  constructor(
    private readonly core: CoreInstance,
    private readonly share: number,
    private readonly comparisons: number,
  ) {}

  /** Two attempts are free, and so is a share of what was simulated and of what was skipped. */
  canAfford(): boolean {
    return this.#spent < this.#budget();
  }

  /** Packet-hops to be simulated until there is enough for another attempt. */
  hopsUntilNext(): number {
    return (this.#spent + this.#attempt() - this.#budget()) / this.share;
  }

  watched(windows: number): void {
    this.#spent += WATCHED_WINDOW * windows;
  }

  searched(flows: number): void {
    this.#spent += flows / FLOWS_PER_HOP;
  }

  listened(samples: number): void {
    this.#spent += CALL + samples / SAMPLES_PER_HOP;
  }

  /** @param times How often all records were copied or compared. */
  copied(times: number): void {
    this.#spent += times * this.#copy();
  }

  /** @param moved Packets that went to other windows. */
  cut(moved: number): void {
    this.#spent += moved / MOVES_PER_HOP + this.#cut();
  }

  /** @param words Of all lists. */
  read(words: number): void {
    const boxes = field(this.core, "slots") * field(this.core, "deviceCount") * field(this.core, "threadCount");
    this.#spent += (words + boxes) / WORDS_PER_HOP;
  }

  #budget(): number {
    return 2 * this.#attempt() + this.share * sumOfThreads(this.core, Thread.hops);
  }

  #attempt(): number {
    return 2 * this.#copy() + this.comparisons * (COMPARED * this.#copy() + this.#cut());
  }

  #copy(): number {
    return CALL + momentBytes(this.core) / BYTES_PER_HOP;
  }

  #cut(): number {
    return CALL + (CUT_WINDOWS * simulatedHops(this.core)) / Math.max(1, field(this.core, "windows"));
  }
}

/** Of all records, how much is compared of two states that are not alike. */
export const COMPARED = 0.25;

/** Packet-hops, those that were skipped left out. */
export function simulatedHops(core: CoreInstance): number {
  return sumOfThreads(core, Thread.hops) - field(core, "skippedHops");
}
