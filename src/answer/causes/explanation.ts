/** One cause of a completion time. */

/** A part of the completion time. The shares sum to 1. */
export interface Explanation {
  readonly cause: string;
  /**
   * `bound`: the run cannot have taken less, by a lower bound. `evidence`: what was measured speaks
   * for this cause, and for no more time than this. `none`: nothing does.
   */
  readonly basis: "bound" | "evidence" | "none";
  readonly shareOfJct: number;
  readonly ns: number;
  readonly where: string;
  readonly text: string;
}
