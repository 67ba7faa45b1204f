/** Throws when something that must hold in every run does not. */
export function check(holds: boolean, claim: string): asserts holds {
  if (!holds) throw new Error(`invariant violated: ${claim}`);
}
