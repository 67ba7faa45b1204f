/** Walks through all entropy values in an order that is drawn anew for each round. */
import { run } from "../memory/arena";
import { draw } from "../random/hash";
import { Spraying } from "./records";

export function next(state: Spraying): u32 {
  const mask = run.entropies - 1;
  if (state.position == 0) {
    state.multiplier = draw(state.key, state.draws++) | 1;
    state.offset = draw(state.key, state.draws++);
  }
  // An odd multiplier permutes the numbers below a power of two.
  const entropy = (state.offset + state.position * state.multiplier) & mask;
  state.position = (state.position + 1) & mask;
  return entropy;
}
