/**
 * An entropy value whose packet came through without a mark is used once more, as REPS has it;
 * where none is at hand, the next of the bitmap (htsim's uec_mp.cpp).
 */
import * as bitmap from "./bitmap";
import { PathOutcome } from "./outcome";
import { Spraying } from "./records";
import * as reps from "./reps";

export function next(state: Spraying): u32 {
  const entropy = reps.recycled(state);
  return entropy >= 0 ? <u32>entropy : bitmap.next(state);
}

export function answered(state: Spraying, entropy: u32, outcome: PathOutcome): void {
  reps.answered(state, entropy, outcome);
  bitmap.answered(state, entropy, outcome);
}
