/** A question to a custom routing policy. */
import { MAX_PORTS } from "./limits";
import { Derived } from "./roles";

/** What a custom routing policy did wrong. */
export enum PolicyFault {
  None = 0,
  /** It answered with an index that no candidate has. */
  Index = 1,
  /** It asked for a candidate, word or parameter that is not there. */
  Asked = 2,
  /** It threw. */
  Thrown = 3,
  /** Asked again, it answered otherwise. */
  Impure = 4,
}

/**
 * A decision as a custom policy outside of the core sees it, and what its thread remembers of such
 * policies.
 */
@unmanaged
export class PolicyCall {
  /** Candidates: consecutive local ports from `first`, or those at the address `list`. */
  count: Derived<u32> = 0;
  first: Derived<u32> = 0;
  list: Derived<u32> = 0;
  switchNumber: Derived<u32> = 0;
  qp: Derived<u32> = 0;
  connection: Derived<u32> = 0;
  destination: Derived<u32> = 0;
  backward: Derived<u32> = 0;
  /** Addresses of the words of the switch, and of the group. */
  switchWords: Derived<u32> = 0;
  groupWords: Derived<u32> = 0;
  hashKey: Derived<u32> = 0;
  drawKey: Derived<u32> = 0;
  /** Draws that the switch has taken; the policy takes more. */
  draws: Derived<u32> = 0;
  /** A `PolicyFault` of this call. */
  fault: Derived<u32> = 0;
  nowPs: Derived<f64> = 0;
  /**
   * The thread's earliest failure, a `PolicyFault`; when and where it was, what was answered, and
   * bytes of the message.
   */
  failure: Derived<u32> = 0;
  failedSwitch: Derived<u32> = 0;
  failedAtPs: Derived<f64> = 0;
  failedIndex: Derived<u32> = 0;
  textBytes: Derived<u32> = 0;
  /** Calls, those whose time was taken, and that time. */
  calls: Derived<f64> = 0;
  timedCalls: Derived<f64> = 0;
  timedNs: Derived<f64> = 0;
}

/** A message, and the depths of the candidates (u32), follow the record. */
export const POLICY_TEXT_BYTES: u32 = 256;
export const POLICY_DEPTHS_AT: u32 = offsetof<PolicyCall>() + POLICY_TEXT_BYTES;
/** Bytes of the record and what follows it. */
export const POLICY_CALL_BYTES: u32 = POLICY_DEPTHS_AT + MAX_PORTS * 4;
