/**
 * What every row of the registries has. A policy or mechanism of the model is one row: the schema,
 * the documentation, the choice of the core, and what may be accelerated are made from the rows.
 */

/**
 * Whether a run that uses the row may be accelerated: true; or true as long as something holds that
 * is checked in the plan or while the run lasts; or the reason why not, as the result gives it.
 */
export type Acceleration = true | While | string;

export interface While {
  /** The condition: "no link in use loses frames". */
  readonly while: string;
}

/** What the engine may do with a run that uses the row. */
export interface Traits {
  /** The lean core (`assembly/memory/features.ts`) has the code for it. */
  readonly lean: boolean;
  /** Fast-forward (`src/engine/fast-forward`) keeps, compares and moves all of its state. */
  readonly fastForward: Acceleration;
  /** One of several parts that are alike may stand for them (`src/engine/symmetry`). */
  readonly symmetry: Acceleration;
}

/** What people read of a row. */
export interface Described {
  /** What it does. */
  readonly sentence: string;
  /** Paper, standard or program whose rules these are. */
  readonly source: string;
  /** Fields of a scenario that it heeds, beside the one that chooses it; none where left out. */
  readonly parameters?: readonly string[];
}

export interface Row extends Described, Traits {}

export function isAllowed(verdict: Acceleration): verdict is true | While {
  return verdict === true || (typeof verdict === "object" && verdict !== null);
}
