import type { RoutingParams } from "../../src/plan/plan.js";
import { Draws, Purpose, pick } from "./random.js";

export type PathOutcome = "clear" | "marked" | "lost";

/** How a sender chooses the entropy values of its packets: MODEL §9. */
export interface Spraying {
  next(nowPs: number): number;
  answered(entropy: number, outcome: PathOutcome): void;
  timedOut(nowPs: number): void;
}

export function spraying(routing: RoutingParams, seed: number, flow: number): Spraying | null {
  const draws = new Draws(seed, Purpose.entropy, flow);
  switch (routing.policy) {
    case "oblivious":
      return new Oblivious(draws, routing.entropies);
    case "bitmap":
      return new Bitmap(draws, routing.entropies);
    case "reps":
      return new Reps(draws, routing.entropies, routing.freezePs);
    case "mixed":
      return new Mixed(draws, routing.entropies);
    default:
      return null;
  }
}

class Oblivious implements Spraying {
  private round: number[] = [];

  constructor(
    private readonly draws: Draws,
    private readonly count: number,
  ) {}

  next(_nowPs: number): number {
    if (this.round.length === 0) {
      const step = this.draws.next32() | 1;
      const first = this.draws.next32();
      this.round = Array.from(
        { length: this.count },
        (_, place) => ((first + Math.imul(place, step)) >>> 0) % this.count,
      );
    }
    return this.round.shift()!;
  }

  answered(_entropy: number, _outcome: PathOutcome): void {}

  timedOut(_nowPs: number): void {}
}

class Bitmap extends Oblivious {
  private readonly penalties = new Map<number, number>();

  override next(nowPs: number): number {
    for (;;) {
      const entropy = super.next(nowPs);
      const penalty = this.penalties.get(entropy) ?? 0;
      if (penalty === 0) return entropy;
      this.penalties.set(entropy, penalty - 1);
    }
  }

  override answered(entropy: number, outcome: PathOutcome): void {
    const more = { clear: 0, marked: 1, lost: 4 }[outcome];
    this.penalties.set(entropy, Math.min(15, (this.penalties.get(entropy) ?? 0) + more));
  }
}

class Reps implements Spraying {
  /** The last eight that came through, the oldest first; by place in a ring of eight. */
  private readonly ring: { readonly entropy: number; isFresh: boolean }[] = [];
  private written = 0;
  private frozenUntilPs = 0;
  private reused = 0;

  constructor(
    private readonly draws: Draws,
    private readonly count: number,
    private readonly freezePs: number,
  ) {}

  next(nowPs: number): number {
    if (nowPs < this.frozenUntilPs && this.ring.length > 0) {
      return this.ring[this.reused++ % this.ring.length]!.entropy;
    }
    return this.recycled() ?? pick(this.draws.next32(), this.count);
  }

  recycled(): number | undefined {
    for (let i = 0; i < 8; i++) {
      const entry = this.ring[(this.written + i) % 8];
      if (entry === undefined || !entry.isFresh) continue;
      entry.isFresh = false;
      return entry.entropy;
    }
    return undefined;
  }

  answered(entropy: number, outcome: PathOutcome): void {
    if (outcome === "clear") this.ring[this.written++ % 8] = { entropy, isFresh: true };
  }

  timedOut(nowPs: number): void {
    if (nowPs < this.frozenUntilPs) return;
    this.frozenUntilPs = nowPs + this.freezePs;
    this.reused = 0;
  }
}

class Mixed extends Bitmap {
  private readonly reps: Reps;

  constructor(draws: Draws, count: number) {
    super(draws, count);
    this.reps = new Reps(draws, count, 0);
  }

  override next(nowPs: number): number {
    return this.reps.recycled() ?? super.next(nowPs);
  }

  override answered(entropy: number, outcome: PathOutcome): void {
    this.reps.answered(entropy, outcome);
    super.answered(entropy, outcome);
  }
}
