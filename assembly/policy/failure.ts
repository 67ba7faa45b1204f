/**
 * What a policy did wrong. The run ends after the window; the earliest failure, by time, then
 * switch, is the one that is told.
 */
import { FAILED_POLICY, own, run } from "../memory/arena";
import { POLICY_CALL_BYTES, PolicyCall, PolicyFault } from "../memory/structs/policy";
import { Thread } from "../memory/structs/thread";

const THREAD_BYTES: u32 = offsetof<Thread>();
/** The record of the thread that calls. */
@inline
export function ownCall(): PolicyCall {
  const number = (changetype<u32>(own) - run.threads) / THREAD_BYTES;
  return changetype<PolicyCall>(run.policyCalls + number * POLICY_CALL_BYTES);
}

/** Keeps the failure if it is this thread's earliest; the host has left a message then. */
export function recordFailure(fault: PolicyFault, switchNumber: u32, index: u32, nowPs: f64): void {
  const call = ownCall();
  if (call.failure != PolicyFault.None) {
    if (call.failedAtPs < nowPs) return;
    if (call.failedAtPs == nowPs && call.failedSwitch <= switchNumber) return;
  }
  call.failure = fault;
  call.failedAtPs = nowPs;
  call.failedSwitch = switchNumber;
  call.failedIndex = index;
  own.failed |= FAILED_POLICY;
}
