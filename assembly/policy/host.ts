/**
 * Asks a policy that is a function of the host's. What it sees of a decision lies in its thread's
 * `PolicyCall`.
 */
import { run } from "../memory/arena";
import { POLICY_DEPTHS_AT, PolicyCall, PolicyFault } from "../memory/structs/policy";
import { ADDRESS_MASK, BACKWARD } from "../packet/packet";
import { candidate } from "../port/candidate";
import { depthOf } from "../port/depths";
import { group, groupWords, here, setFault, now, ports, qp, switchNumber, switchWords, word1 } from "./decision";
import { ownCall } from "./failure";

/** Returns the index that the policy chose; where it failed, `PolicyCall.fault` says how. */
// @ts-ignore: decorator
@external("env", "choose")
declare function chooseOutside(call: u32): u32;

export function askHost(): u32 {
  const call = ownCall();
  call.count = group.count;
  call.first = group.first;
  call.list = group.list;
  call.switchNumber = switchNumber();
  call.qp = qp;
  call.connection = load<u32>(run.connections + qp * 4);
  call.destination = word1 & ADDRESS_MASK;
  call.backward = (word1 & BACKWARD) != 0 ? 1 : 0;
  call.nowPs = <f64>now;
  call.switchWords = switchWords();
  call.groupWords = groupWords();
  call.hashKey = here.hashKey;
  call.drawKey = here.tieKey;
  call.draws = here.tieDraws;
  const index = chooseOutside(changetype<u32>(call));
  here.tieDraws = call.draws;
  if (call.fault != PolicyFault.None) {
    setFault(call.fault);
    call.fault = PolicyFault.None;
  }
  return index;
}

/**
 * Writes the depths of all candidates to where the host reads them: once for a decision, if its
 * policy asks for any.
 */
export function fillDepths(): void {
  const depths = changetype<u32>(ownCall()) + POLICY_DEPTHS_AT;
  for (let i: u32 = 0; i < group.count; i++) {
    store<u32>(depths + i * 4, depthOf(here, ports, candidate(group, i), now));
  }
}
