/**
 * Lays every pause and wait for credit to a root, instant by instant (docs/MODEL.md §14). One sweep
 * goes over the times at which waits begin and end. It keeps tables by lane and by wait: long runs
 * have hundred thousands of waits.
 */
import type { LaneWait } from "./waits.js";

/** Where waits go back to. */
export type Root =
  /** An egress lane that sends what it can. */
  | { readonly kind: "egress"; readonly lane: number }
  /** The device at the end of a link, by its port: it takes nothing in. */
  | { readonly kind: "device"; readonly port: number }
  /** A lane whose credit comes back too late. */
  | { readonly kind: "loop"; readonly lane: number }
  /** Lanes that wait for each other in a circle; the lowest of them. */
  | { readonly kind: "circle"; readonly lane: number };

/** What a lane waited for a root. */
export interface Branch {
  pausedPs: number;
  creditWaitPs: number;
  /** By the egress lane that held it (-1: none); in ps. */
  readonly behind: Map<number, number>;
}

export interface Tree {
  readonly root: Root;
  readonly lanes: Map<number, Branch>;
  /** What flows waited there, in ps. */
  readonly flows: Map<number, number>;
}

/** Roots as numbers: which of these kinds, and the lane or port. */
const KINDS = ["egress", "device", "loop", "circle"] as const;

function codeOf(kind: Root["kind"], place: number): number {
  return place * KINDS.length + KINDS.indexOf(kind);
}

function rootOf(code: number): Root {
  const [kind, place] = [KINDS[code % KINDS.length]!, Math.floor(code / KINDS.length)];
  return kind === "device" ? { kind, port: place } : { kind, lane: place };
}

const NONE = -1;

/**
 * The trees of a run, in no order. Each instant of each wait is in exactly one of them.
 * @param peerPort By port: the port at the other end of its link.
 */
export function treesOf(waits: readonly LaneWait[], peerPort: ArrayLike<number>): Tree[] {
  const sweep = new Sweep(waits, peerPort);
  const begins = inOrder(waits, (wait) => wait.fromPs);
  const ends = inOrder(waits, (wait) => wait.toPs);
  const decisions = inOrder(waits, (wait) => wait.decidedPs);
  let [begun, ended, decided] = [0, 0, 0];
  for (;;) {
    const timePs = Math.min(
      ended < ends.length ? waits[ends[ended]!]!.toPs : Number.POSITIVE_INFINITY,
      begun < begins.length ? waits[begins[begun]!]!.fromPs : Number.POSITIVE_INFINITY,
      decided < decisions.length ? waits[decisions[decided]!]!.decidedPs : Number.POSITIVE_INFINITY,
    );
    if (timePs === Number.POSITIVE_INFINITY) return sweep.trees;
    for (; ended < ends.length && waits[ends[ended]!]!.toPs === timePs; ended++) sweep.end(ends[ended]!, timePs);
    for (; begun < begins.length && waits[begins[begun]!]!.fromPs === timePs; begun++)
      sweep.begin(begins[begun]!, timePs);
    sweep.settle(timePs);
    for (; decided < decisions.length && waits[decisions[decided]!]!.decidedPs === timePs; decided++)
      sweep.decide(decisions[decided]!);
  }
}

/** Numbers of the waits by a time of theirs. Recorded waits are nearly in order already. */
function inOrder(waits: readonly LaneWait[], timePs: (wait: LaneWait) => number): readonly number[] {
  const times = Float64Array.from(waits, timePs);
  return Array.from(waits.keys()).sort((a, b) => times[a]! - times[b]!);
}

class Sweep {
  /** By lane: the number of the wait that is on, its root, and since when it has that. */
  readonly #active: Int32Array;
  readonly #roots: Float64Array;
  readonly #sincePs: Float64Array;
  /** By lane: lanes that wait now while it holds their packets, as a list in both directions. */
  readonly #firstHeld: Int32Array;
  readonly #nextHeld: Int32Array;
  readonly #previousHeld: Int32Array;
  /** By wait: the root of its holder when that was found, where the holder waited itself. */
  readonly #decided: Float64Array;
  /** Lanes that have changed at this instant, each once. */
  readonly #changed: number[] = [];
  readonly #isChanged: Uint8Array;
  /** By lane: the walk that came by last. */
  readonly #walkedBy: Uint32Array;
  #walk = 0;
  readonly #trees = new Map<number, Tree>();

  constructor(
    private readonly waits: readonly LaneWait[],
    private readonly peerPort: ArrayLike<number>,
  ) {
    const lanes = waits.reduce((most, { lane, holder }) => Math.max(most, lane, holder), 0) + 1;
    const column = () => new Int32Array(lanes).fill(NONE);
    this.#active = column();
    [this.#firstHeld, this.#nextHeld, this.#previousHeld] = [column(), column(), column()];
    [this.#roots, this.#sincePs] = [new Float64Array(lanes), new Float64Array(lanes)];
    this.#decided = new Float64Array(waits.length).fill(NONE);
    this.#isChanged = new Uint8Array(lanes);
    this.#walkedBy = new Uint32Array(lanes);
  }

  get trees(): Tree[] {
    return [...this.#trees.values()];
  }

  begin(number: number, atPs: number): void {
    const { lane, holder } = this.waits[number]!;
    this.#active[lane] = number;
    this.#roots[lane] = codeOf("egress", lane);
    this.#sincePs[lane] = atPs;
    if (holder >= 0) {
      const next = this.#firstHeld[holder]!;
      if (next >= 0) this.#previousHeld[next] = lane;
      this.#nextHeld[lane] = next;
      this.#previousHeld[lane] = NONE;
      this.#firstHeld[holder] = lane;
    }
    this.#change(lane);
  }

  end(number: number, atPs: number): void {
    const { lane, holder } = this.waits[number]!;
    this.#count(lane, atPs);
    this.#active[lane] = NONE;
    if (holder >= 0) {
      const [previous, next] = [this.#previousHeld[lane]!, this.#nextHeld[lane]!];
      if (previous >= 0) this.#nextHeld[previous] = next;
      else this.#firstHeld[holder] = next;
      if (next >= 0) this.#previousHeld[next] = previous;
    }
    this.#change(lane);
  }

  decide(number: number): void {
    const { holder } = this.waits[number]!;
    if (holder >= 0 && this.#active[holder]! >= 0) this.#decided[number] = this.#roots[holder]!;
  }

  #change(lane: number): void {
    if (this.#isChanged[lane] === 1) return;
    this.#isChanged[lane] = 1;
    this.#changed.push(lane);
  }

  /** Finds the roots anew of what has changed, and of all that waits for it. */
  settle(atPs: number): void {
    // The list grows while it is walked.
    for (let i = 0; i < this.#changed.length; i++) {
      for (let held = this.#firstHeld[this.#changed[i]!]!; held >= 0; held = this.#nextHeld[held]!) this.#change(held);
    }
    for (const lane of this.#changed) {
      this.#isChanged[lane] = 0;
      if (this.#active[lane]! < 0) continue;
      const root = this.#rootOf(lane);
      if (root === this.#roots[lane]) continue;
      this.#count(lane, atPs);
      this.#roots[lane] = root;
    }
    this.#changed.length = 0;
  }

  #rootOf(start: number): number {
    this.#walk += 1;
    for (let lane = start; ; ) {
      if (this.#walkedBy[lane] === this.#walk) return codeOf("circle", this.#lowestOfCircle(lane));
      this.#walkedBy[lane] = this.#walk;
      const number = this.#active[lane]!;
      const { holder, isLoop } = this.waits[number]!;
      if (holder >= 0 && this.#active[holder]! >= 0) {
        lane = holder;
        continue;
      }
      if (this.#decided[number]! >= 0) return this.#decided[number]!;
      if (isLoop) return codeOf("loop", lane);
      if (holder >= 0) return codeOf("egress", holder);
      return codeOf("device", this.peerPort[lane % this.peerPort.length]!);
    }
  }

  #lowestOfCircle(start: number): number {
    const holderOf = (lane: number) => this.waits[this.#active[lane]!]!.holder;
    let lowest = start;
    for (let lane = holderOf(start); lane !== start; lane = holderOf(lane)) lowest = Math.min(lowest, lane);
    return lowest;
  }

  /** Counts what the wait of a lane has lasted since its root changed. */
  #count(lane: number, atPs: number): void {
    const wait = this.waits[this.#active[lane]!]!;
    const ps = atPs - this.#sincePs[lane]!;
    this.#sincePs[lane] = atPs;
    if (ps === 0) return;
    const code = this.#roots[lane]!;
    let tree = this.#trees.get(code);
    if (tree === undefined) {
      tree = { root: rootOf(code), lanes: new Map(), flows: new Map() };
      this.#trees.set(code, tree);
    }
    let branch = tree.lanes.get(lane);
    if (branch === undefined) {
      branch = { pausedPs: 0, creditWaitPs: 0, behind: new Map() };
      tree.lanes.set(lane, branch);
    }
    if (wait.kind === "pause") branch.pausedPs += ps;
    else branch.creditWaitPs += ps;
    branch.behind.set(wait.holder, (branch.behind.get(wait.holder) ?? 0) + ps);
    for (const flow of wait.flows) tree.flows.set(flow, (tree.flows.get(flow) ?? 0) + ps);
  }
}
