/**
 * As oblivious spraying, but an entropy value that met congestion is passed over for some rounds
 * (UEC 1.0; penalties as in htsim's uec_mp.cpp).
 */
import * as oblivious from "./oblivious";
import { PathOutcome } from "./outcome";
import { Spraying } from "./records";

const MARK_PENALTY: u32 = 1;
const LOSS_PENALTY: u32 = 4;
const MAX_PENALTY: u32 = 15;


@inline
function penaltyAddress(state: Spraying, entropy: u32): u32 {
  return changetype<u32>(state) + offsetof<Spraying>() + entropy;
}

export function next(state: Spraying): u32 {
  let entropy = oblivious.next(state);
  let address = penaltyAddress(state, entropy);
  while (load<u8>(address) != 0) {
    store<u8>(address, load<u8>(address) - 1);
    entropy = oblivious.next(state);
    address = penaltyAddress(state, entropy);
  }
  return entropy;
}

export function answered(state: Spraying, entropy: u32, outcome: PathOutcome): void {
  if (outcome == PathOutcome.Clear) return;
  const address = penaltyAddress(state, entropy);
  const penalty: u32 = outcome == PathOutcome.Lost ? LOSS_PENALTY : MARK_PENALTY;
  store<u8>(address, min<u32>(load<u8>(address) + penalty, MAX_PENALTY));
}
