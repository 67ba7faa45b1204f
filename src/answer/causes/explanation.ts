/** One cause of a completion time. */

/** A part of the completion time. The shares sum to 1. */
export interface Explanation {
  /** What the time was spent on. */
  readonly cause: string;
  /**
   * `bound`: the run cannot have taken less, by a lower bound. `evidence`: what was measured speaks
   * for this cause, and for no more time than this. `none`: nothing does.
   */
  readonly basis: "bound" | "evidence" | "none";
  /** Share of the completion time. */
  readonly shareOfJct: number;
  /** The time. */
  readonly ns: number;
  /** The link, switch or rank; empty where there is no single one. */
  readonly where: string;
  /** What stands behind it, as a sentence. */
  readonly text: string;
}
