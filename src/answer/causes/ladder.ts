import type { Explanation } from "./explanation.js";

/** What the completion time may be laid to, in the order of the ladder: see `explain`. */
export const CAUSES = [
  "bound",
  "schedule",
  "faults",
  "window",
  "timeouts",
  "pauses",
  "credits",
  "losses",
  "retransmission",
  "queueing",
  "rate-control",
  "unknown",
] as const;

export type Cause = (typeof CAUSES)[number];

/** What a rung says of itself, where it takes `ps`. */
export interface Rung {
  readonly cause: Cause;
  /** Whether a bound proves it, or figures of the run speak for it. */
  readonly basis: Explanation["basis"];
  readonly where: string;
  readonly text: string;
}

/** Shares out a completion time, rung by rung. Whole picoseconds. */
export class Ladder {
  private readonly parts = new Map<Cause, Rung & { ps: number }>();
  private left: number;

  constructor(private readonly jctPs: number) {
    this.left = jctPs;
  }

  get leftPs(): number {
    return this.left;
  }

  get takenPs(): number {
    return this.jctPs - this.left;
  }

  /**
   * A rung takes at most `atMostPs` of the time that the rungs before it left. A cause that comes
   * again keeps its text.
   */
  take(atMostPs: number, describe: (ps: number) => Rung): void {
    const ps = Math.min(this.left, Math.max(0, Math.floor(atMostPs)));
    if (ps === 0) return;
    this.left -= ps;
    const rung = describe(ps);
    const before = this.parts.get(rung.cause);
    if (before === undefined) this.parts.set(rung.cause, { ...rung, ps });
    else before.ps += ps;
  }

  /**
   * The parts in the order of `CAUSES`. Times add up by themselves. The last share takes the
   * rounding: added in order, shares make 1 to the last bit.
   */
  explanation(): readonly Explanation[] {
    const parts = CAUSES.flatMap((cause) => this.parts.get(cause) ?? []);
    let earlier = 0;
    return parts.map(({ cause, basis, ps, where, text }, i) => {
      const shareOfJct = i === parts.length - 1 ? 1 - earlier : ps / this.jctPs;
      earlier += shareOfJct;
      return { cause, basis, shareOfJct, ns: ps / 1000, where, text };
    });
  }
}
