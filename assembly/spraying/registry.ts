/**
 * Spraying by the sender: each data packet carries an entropy value in its tag, which switches
 * hash; ACKs bring it back, and how the packet fared. A policy is one file that exports some of
 *
 *     next(state, nowPs): u32                      the entropy value of the next packet
 *     answered(state, entropy, outcome, nowPs)     what became of a packet that had it
 *     timedOut(state, nowPs)                       the QP's timer has expired
 *
 * and gets a case here; `state` is its record for the QP.
 */
import { run } from "../memory/arena";
import { FULL } from "../memory/features";
import { PolicyId } from "../memory/structs/run";
import { keyOf, Purpose } from "../random/hash";
import * as bitmap from "./bitmap";
import * as mixed from "./mixed";
import * as oblivious from "./oblivious";
import { PathOutcome } from "./outcome";
import { Spraying } from "./records";
import * as reps from "./reps";

let policy: u32 = 0;

/** Whether senders of this run choose entropy values. */
export let sprays: bool = false;

export function loadSprayingParameters(): void {
  policy = run.policy;
  if (FULL) sprays = run.sprayingBytes != 0;
}

/** Gives every QP its stream of random draws. */
export function startSpraying(): void {
  if (!sprays) return;
  for (let i: u32 = 0; i < run.flowCount; i++) stateOf(i).key = keyOf(Purpose.Entropy, i);
}


@inline
function stateOf(flow: u32): Spraying {
  return changetype<Spraying>(run.spraying + flow * run.sprayingBytes);
}

export function nextEntropy(flow: u32, nowPs: u64): u32 {
  const state = stateOf(flow);
  switch (policy) {
    case PolicyId.Reps:
      return reps.next(state, nowPs);
    case PolicyId.Bitmap:
      return bitmap.next(state);
    case PolicyId.Mixed:
      return mixed.next(state);
    default:
      return oblivious.next(state);
  }
}

/** An answer to a packet with this entropy value has arrived. */
export function onPathAnswer(flow: u32, entropy: u32, outcome: PathOutcome): void {
  const state = stateOf(flow);
  if (policy == PolicyId.Reps) reps.answered(state, entropy, outcome);
  else if (policy == PolicyId.Bitmap) bitmap.answered(state, entropy, outcome);
  else if (policy == PolicyId.Mixed) mixed.answered(state, entropy, outcome);
}

export function onPathTimeout(flow: u32, nowPs: u64): void {
  if (policy == PolicyId.Reps) reps.timedOut(stateOf(flow), nowPs);
}
