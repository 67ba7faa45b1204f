/**
 * What the author of a custom routing policy writes against. `assembly/policy/decision.ts` is the
 * same for policies that are compiled.
 */

/**
 * An unsigned integer of 32 bits, as AssemblyScript has it, for policies that are to be compiled
 * too.
 */
export type u32 = number;

/**
 * One routing decision: a packet at a switch that has several equal-cost next hops for it. There is
 * one such object, reused for every decision: do not keep it. All numbers but `nowPs` are unsigned
 * integers of 32 bits. Asking for a candidate, word or parameter that is not there ends the run.
 */
export interface Decision {
  /** Candidates, at least 2. */
  readonly count: u32;
  /** Number of the switch, from 0. */
  readonly switchNumber: u32;
  /** Number of the packet's queue pair. */
  readonly qp: u32;
  /** Number of the queue pair among those of its source and destination. */
  readonly connection: u32;
  /** Address of the NIC that the packet goes to. */
  readonly destination: u32;
  /** The packet goes from the receiver to the sender: an ACK, NACK, CNP or pull. */
  readonly backward: boolean;
  /** Simulated time, in ps. */
  readonly nowPs: number;
  /** Number of a candidate's port at this switch. */
  port(index: u32): u32;
  /** What is queued at a candidate and on its way out, in quanta (`routing.quantum`). */
  depth(index: u32): u32;
  /** 32 random bits, others each time. */
  draw(): u32;
  /** 32 bits that depend on the value, the switch and the seed: what `ecmp` hashes with. */
  hash(value: u32): u32;
  /** Maps 32 random bits to 0 … n - 1. */
  pick(bits: u32, n: u32): u32;
  /** One of the 16 parameters of the policy (`routing.parameters`); 0 where there is none. */
  parameter(index: u32): u32;
  /** A word of the switch's state (`routing.stateWords`): 0 until the policy sets it. */
  state(index: u32): u32;
  /** Sets a word of the switch's state. */
  setState(index: u32, value: u32): void;
  /**
   * One of 16 words of state that the switch keeps for this group of candidates: 0 until the policy
   * sets it.
   */
  groupState(index: u32): u32;
  /** Sets a word of the group's state. */
  setGroupState(index: u32, value: u32): void;
}

/**
 * Returns the index of the candidate that the packet takes, 0 … count - 1. It must keep nothing but
 * the words of state.
 */
export type RoutingPolicy = (decision: Decision) => u32;
