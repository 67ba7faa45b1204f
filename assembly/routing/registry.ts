/** The routing policies by number (`PolicyId`). A new policy is a file in this folder, a `PolicyId`, a case here, and a test. */
import { trap } from "../memory/arena";
import { FULL } from "../memory/features";
import { PolicyId, TrapCode } from "../memory/structs/run";
import { Group, Switch } from "../memory/structs/switch";
import { chooseAdaptive } from "./adaptive";
import { chooseAdaptiveRemote } from "./adaptive-remote";
import { chooseCustom } from "./custom";
import { chooseByEntropy, chooseEcmp, chooseEcmpQp } from "./ecmp";
import { chooseFlowlet } from "./flowlet";
import { choosePinned } from "./pinned";
import { chooseRoundRobin } from "./round-robin";
import { chooseSpray } from "./spray";

/** Index of the candidate that the policy takes; see choice.ts. */
@inline
export function choose(
  policy: u32,
  sw: Switch,
  ports: u32,
  group: Group,
  word1: u32,
  qp: u32,
  nowPs: u64,
  record: u32,
): u32 {
  switch (policy) {
    case PolicyId.Adaptive:
      return chooseAdaptive(sw, ports, group, nowPs);
    case PolicyId.Ecmp:
      return chooseEcmp(sw, group, word1, qp);
    case PolicyId.EcmpQp:
      return chooseEcmpQp(sw, group, word1, qp);
    case PolicyId.Spray:
      return chooseSpray(sw, group);
    case PolicyId.RoundRobin:
      return chooseRoundRobin(group);
    case PolicyId.Pinned:
      return choosePinned(sw, group, word1);
    default:
      if (FULL) return chooseElaborately(policy, sw, ports, group, word1, qp, nowPs, record);
      trap(TrapCode.LeanCore);
      return 0;
  }
}

/** Policies of the full core. */
@inline
function chooseElaborately(
  policy: u32,
  sw: Switch,
  ports: u32,
  group: Group,
  word1: u32,
  qp: u32,
  nowPs: u64,
  record: u32,
): u32 {
  switch (policy) {
    case PolicyId.AdaptiveRemote:
      return chooseAdaptiveRemote(sw, ports, group, word1, nowPs);
    case PolicyId.Flowlet:
      return chooseFlowlet(sw, ports, group, word1, qp, nowPs);
    case PolicyId.Custom:
      return chooseCustom(sw, ports, group, word1, qp, nowPs);
    default:
      return chooseByEntropy(sw, group, word1, qp, record);
  }
}
