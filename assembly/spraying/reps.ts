/**
 * REPS (Bonato et al., arXiv 2407.21625): an entropy value whose packet came through without a mark
 * is used once more; where none is at hand, one is drawn. After a timeout nothing is drawn for a
 * while: the values known to have worked go round.
 */
import { run } from "../memory/arena";
import { draw, pick } from "../random/hash";
import { PathOutcome } from "./outcome";
import { Spraying } from "./records";

const ENTRIES: u32 = 8;


@inline
function entryAddress(state: Spraying, index: u32): u32 {
  return changetype<u32>(state) + offsetof<Spraying>("entries0") + index * 2;
}

export function next(state: Spraying, nowPs: u64): u32 {
  if (nowPs < state.frozenUntilPs && state.filled != 0) {
    return load<u16>(entryAddress(state, state.reused++ % state.filled));
  }
  const entropy = recycled(state);
  return entropy >= 0 ? <u32>entropy : pick(draw(state.key, state.draws++), run.entropies);
}

/**
 * The oldest value that was not used again, the first from the one that is overwritten next; -1 if
 * there is none.
 */
export function recycled(state: Spraying): i32 {
  for (let i: u32 = 0; i < ENTRIES && state.fresh != 0; i++) {
    const index = (state.head + i) % ENTRIES;
    const bit: u32 = 1 << index;
    if ((state.fresh & bit) == 0) continue;
    state.fresh &= ~bit;
    return load<u16>(entryAddress(state, index));
  }
  return -1;
}

export function answered(state: Spraying, entropy: u32, outcome: PathOutcome): void {
  if (outcome != PathOutcome.Clear) return;
  const index = state.head;
  store<u16>(entryAddress(state, index), <u16>entropy);
  state.fresh |= 1 << index;
  state.head = (index + 1) % ENTRIES;
  state.filled = max(state.filled, index + 1);
}

export function timedOut(state: Spraying, nowPs: u64): void {
  if (nowPs < state.frozenUntilPs) return;
  state.frozenUntilPs = nowPs + run.freezePs;
  state.reused = 0;
}
