/** A policy of the user's: compiled into the core, or a function of the host's (policy/). */
import { own } from "../memory/arena";
import { PolicyFault } from "../memory/structs/policy";
import { Group, Switch } from "../memory/structs/switch";
import { decision, fault, setFault, offer, switchNumber } from "../policy/decision";
import { recordFailure } from "../policy/failure";
import { choose } from "../policy/policy";

/** The candidate that the policy takes; the first where it fails. */
export function chooseCustom(sw: Switch, ports: u32, group: Group, word1: u32, qp: u32, nowPs: u64): u32 {
  offer(sw, ports, group, word1, qp, nowPs);
  own.deciding = 1;
  const index = <u32>choose(decision);
  own.deciding = 0;
  if (index < group.count && fault == PolicyFault.None) return index;
  recordFailure(fault == PolicyFault.None ? PolicyFault.Index : fault, switchNumber(), index, <f64>nowPs);
  setFault(PolicyFault.None);
  return 0;
}
