/** The state of a QP that sprays. */
import { Fixed, Same, Until } from "../memory/structs/roles";

/**
 * Of a QP that sprays: which entropy values it uses. The penalties of `bitmap` follow, a byte for
 * each value.
 */
@unmanaged
export class Spraying {
  /** Stream of random draws, and how many were taken. */
  key: Fixed<u32> = 0;
  draws: Same<u32> = 0;
  /** Oblivious: place in the round, and the round's order. */
  position: Same<u32> = 0;
  multiplier: Same<u32> = 0;
  offset: Same<u32> = 0;
  /**
   * REPS: the entry written next, how many were written at all, a bit for each that was not used
   * again, and uses while frozen.
   */
  head: Same<u32> = 0;
  filled: Same<u32> = 0;
  fresh: Same<u32> = 0;
  reused: Same<u32> = 0;
  padding0: u32 = 0;
  frozenUntilPs: Until<u64> = 0;
  /** Eight u16. */
  entries0: Same<u64> = 0;
  entries1: Same<u64> = 0;
}
