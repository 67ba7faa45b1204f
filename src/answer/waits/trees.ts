/**
 * Lays every pause and wait for credit to a root, instant by instant (docs/MODEL.md §14). One sweep
 * goes over the times at which waits begin and end.
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

/** A wait that is on. */
interface Active {
  readonly wait: LaneWait;
  root: Root;
  sincePs: number;
}

const END = 0;
const BEGIN = 1;
const DECIDE = 2;

/**
 * The trees of a run, in no order. Each instant of each wait is in exactly one of them.
 * @param peerPort By port: the port at the other end of its link.
 */
export function treesOf(waits: readonly LaneWait[], peerPort: ArrayLike<number>): Tree[] {
  const sweep = new Sweep(peerPort);
  for (const { timePs, events } of instants(waits)) {
    const changed = new Set<number>();
    for (const { what, wait } of events) if (what === END) changed.add(sweep.end(wait, timePs));
    for (const { what, wait } of events) if (what === BEGIN) changed.add(sweep.begin(wait, timePs));
    sweep.settle(changed, timePs);
    for (const { what, wait } of events) if (what === DECIDE) sweep.decide(wait);
  }
  return sweep.trees;
}

interface WaitEvent {
  readonly timePs: number;
  readonly what: number;
  readonly wait: LaneWait;
}

/** What happens, by instant. */
function* instants(waits: readonly LaneWait[]): Generator<{ timePs: number; events: WaitEvent[] }> {
  const all = waits.flatMap((wait) => [
    { timePs: wait.fromPs, what: BEGIN, wait },
    { timePs: wait.toPs, what: END, wait },
    { timePs: wait.decidedPs, what: DECIDE, wait },
  ]);
  all.sort((a, b) => a.timePs - b.timePs);
  let events: WaitEvent[] = [];
  for (const event of all) {
    if (events.length > 0 && events[0]!.timePs !== event.timePs) {
      yield { timePs: events[0]!.timePs, events };
      events = [];
    }
    events.push(event);
  }
  if (events.length > 0) yield { timePs: events[0]!.timePs, events };
}

class Sweep {
  readonly #active = new Map<number, Active>();
  /** Lanes that wait now, by the lane that holds their packets. */
  readonly #heldBy = new Map<number, Set<number>>();
  /** By wait: the root of its holder when that was found, where the holder waited itself. */
  readonly #decided = new Map<LaneWait, Root>();
  readonly #trees = new Map<string, Tree>();

  constructor(private readonly peerPort: ArrayLike<number>) {}

  get trees(): Tree[] {
    return [...this.#trees.values()];
  }

  begin(wait: LaneWait, atPs: number): number {
    const { lane, holder } = wait;
    this.#active.set(lane, { wait, root: { kind: "egress", lane }, sincePs: atPs });
    const held = this.#heldBy.get(holder);
    if (held === undefined) this.#heldBy.set(holder, new Set([lane]));
    else held.add(lane);
    return lane;
  }

  end(wait: LaneWait, atPs: number): number {
    const { lane, holder } = wait;
    this.#count(this.#active.get(lane)!, atPs);
    this.#active.delete(lane);
    this.#heldBy.get(holder)!.delete(lane);
    this.#decided.delete(wait);
    return lane;
  }

  decide(wait: LaneWait): void {
    const holder = this.#active.get(wait.holder);
    if (holder !== undefined) this.#decided.set(wait, holder.root);
  }

  /** Finds the roots anew of all that waits for lanes that have changed. */
  settle(changed: Set<number>, atPs: number): void {
    // The set grows while it is walked.
    for (const lane of changed) for (const other of this.#heldBy.get(lane) ?? []) changed.add(other);
    for (const lane of changed) {
      const active = this.#active.get(lane);
      if (active === undefined) continue;
      const root = this.#rootOf(active.wait);
      if (keyOf(root) === keyOf(active.root)) continue;
      this.#count(active, atPs);
      active.root = root;
    }
  }

  #rootOf(start: LaneWait): Root {
    const seen = new Set<number>();
    for (let wait = start; ; ) {
      const { lane, holder } = wait;
      if (seen.has(lane)) return { kind: "circle", lane: this.#lowestOfCircle(lane) };
      seen.add(lane);
      const next = this.#active.get(holder);
      if (next !== undefined) {
        wait = next.wait;
        continue;
      }
      const decided = this.#decided.get(wait);
      if (decided !== undefined) return decided;
      if (wait.isLoop) return { kind: "loop", lane };
      if (holder >= 0) return { kind: "egress", lane: holder };
      return { kind: "device", port: this.peerPort[lane % this.peerPort.length]! };
    }
  }

  #lowestOfCircle(start: number): number {
    let lowest = start;
    for (let lane = this.#active.get(start)!.wait.holder; lane !== start; lane = this.#active.get(lane)!.wait.holder)
      lowest = Math.min(lowest, lane);
    return lowest;
  }

  /** Counts what a wait has lasted since its root changed. */
  #count(active: Active, atPs: number): void {
    const { wait, root, sincePs } = active;
    const ps = atPs - sincePs;
    active.sincePs = atPs;
    if (ps === 0) return;
    const key = keyOf(root);
    let tree = this.#trees.get(key);
    if (tree === undefined) {
      tree = { root, lanes: new Map(), flows: new Map() };
      this.#trees.set(key, tree);
    }
    let branch = tree.lanes.get(wait.lane);
    if (branch === undefined) {
      branch = { pausedPs: 0, creditWaitPs: 0, behind: new Map() };
      tree.lanes.set(wait.lane, branch);
    }
    if (wait.kind === "pause") branch.pausedPs += ps;
    else branch.creditWaitPs += ps;
    branch.behind.set(wait.holder, (branch.behind.get(wait.holder) ?? 0) + ps);
    for (const flow of wait.flows) tree.flows.set(flow, (tree.flows.get(flow) ?? 0) + ps);
  }
}

function keyOf(root: Root): string {
  return `${root.kind} ${root.kind === "device" ? root.port : root.lane}`;
}
