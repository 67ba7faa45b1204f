/**
 * What a custom policy sees of one decision, and all that it may change: words of state that belong
 * to the switch that decides. So it is deterministic, and independent of threads.
 * `src/plan/decision.ts` is the same for policies in JavaScript.
 */
import { run } from "../memory/arena";
import { GROUP_WORDS, MAX_POLICY_PARAMETERS } from "../memory/structs/limits";
import { PolicyFault } from "../memory/structs/policy";
import { Group, Switch } from "../memory/structs/switch";
import { ADDRESS_MASK, BACKWARD } from "../packet/packet";
import { candidate } from "../port/candidate";
import { depthOf } from "../port/depths";
import { draw, pick } from "../random/hash";

const SWITCH_BYTES: u32 = offsetof<Switch>();
const GROUP_BYTES: u32 = offsetof<Group>();
// The decision that is asked for.
export let here: Switch = changetype<Switch>(0);
export let group: Group = changetype<Group>(0);
export let ports: u32 = 0;
export let word1: u32 = 0;
export let qp: u32 = 0;
export let now: u64 = 0;
/** What the policy did wrong in it. */
export let fault: PolicyFault = PolicyFault.None;

let stateWords: u32 = 0;
let switchState: u32 = 0;
let groupState: u32 = 0;
let parameters: u32 = 0;

export function loadDecisionParameters(): void {
  stateWords = run.stateWords;
  switchState = run.switchState;
  groupState = run.groupState;
  parameters = run.policyParameters;
}

export function offer(atSwitch: Switch, itsPorts: u32, among: Group, first: u32, ofQp: u32, nowPs: u64): void {
  here = atSwitch;
  ports = itsPorts;
  group = among;
  word1 = first;
  qp = ofQp;
  now = nowPs;
}

export function setFault(what: PolicyFault): void {
  fault = what;
}


@inline
export function switchNumber(): u32 {
  return (changetype<u32>(here) - run.switches) / SWITCH_BYTES;
}

/** Address of the words of the switch. */
@inline
export function switchWords(): u32 {
  return switchState + switchNumber() * stateWords * 4;
}

/** Address of the words of the group. */
@inline
export function groupWords(): u32 {
  return groupState + ((changetype<u32>(group) - run.groups) / GROUP_BYTES) * (GROUP_WORDS * 4);
}

/** Whether there is a thing of this number; a policy that asks for what is not there has failed. */
@inline
function has(index: u32, count: u32): bool {
  if (index < count) return true;
  fault = PolicyFault.Asked;
  return false;
}

/** A decision. There is one at a time, so it is its functions only. */
@unmanaged
export class Decision {
  /** Candidates, at least two. */
  @inline get count(): u32 {
    return group.count;
  }

  /** Number of the switch, from 0. */
  @inline get switchNumber(): u32 {
    return switchNumber();
  }

  /** Number of the packet's queue pair. */
  @inline get qp(): u32 {
    return qp;
  }

  /** Number of the queue pair among those of its source and destination. */
  @inline get connection(): u32 {
    return load<u32>(run.connections + qp * 4);
  }

  /** Address of the NIC that the packet goes to. */
  @inline get destination(): u32 {
    return word1 & ADDRESS_MASK;
  }

  /** The packet goes from the receiver to the sender: an ACK, NACK, CNP or pull. */
  @inline get backward(): bool {
    return (word1 & BACKWARD) != 0;
  }

  /** Simulated time in ps. */
  @inline get nowPs(): f64 {
    return <f64>now;
  }

  /** Number of a candidate's port at this switch. */
  @inline port(index: u32): u32 {
    return has(index, group.count) ? candidate(group, index) : 0;
  }

  /** What is queued at a candidate and on its way out, in quanta (`routing.quantum`). */
  @inline depth(index: u32): u32 {
    return has(index, group.count) ? depthOf(here, ports, candidate(group, index), now) : 0;
  }

  /** 32 random bits, others each time. */
  @inline draw(): u32 {
    return draw(here.tieKey, here.tieDraws++);
  }

  /** 32 bits that depend on the value, the switch and the seed: what `ecmp` hashes with. */
  @inline hash(value: u32): u32 {
    return draw(here.hashKey, value);
  }

  /** Maps 32 random bits to 0 … n - 1. */
  @inline pick(bits: u32, n: u32): u32 {
    return pick(bits, n);
  }

  /** One of the policy's parameters (`routing.parameters`); 0 where there is none. */
  @inline parameter(index: u32): u32 {
    return has(index, MAX_POLICY_PARAMETERS) ? load<u32>(parameters + index * 4) : 0;
  }

  /** A word of the switch's state: 0 until the policy sets it. */
  @inline state(index: u32): u32 {
    return has(index, stateWords) ? load<u32>(switchWords() + index * 4) : 0;
  }


  @inline setState(index: u32, value: u32): void {
    if (has(index, stateWords)) store<u32>(switchWords() + index * 4, value);
  }

  /** A word of the state that the switch keeps for this group of candidates. */
  @inline groupState(index: u32): u32 {
    return has(index, GROUP_WORDS) ? load<u32>(groupWords() + index * 4) : 0;
  }


  @inline setGroupState(index: u32, value: u32): void {
    if (has(index, GROUP_WORDS)) store<u32>(groupWords() + index * 4, value);
  }
}

export const decision: Decision = changetype<Decision>(0);
