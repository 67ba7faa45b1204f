/**
 * The routing policies by number (`PolicyId`). A new policy is a file in this folder, a `PolicyId`,
 * a case here, and a test.
 */
import { trap } from "../memory/arena";
import { FULL } from "../memory/features";
import { PolicyId, TrapCode } from "../memory/structs/run";
import { Group, Switch } from "../memory/structs/switch";
import { PacketRecord } from "../packet/record";
import { chooseAdaptive } from "./adaptive";
import { chooseAdaptiveRemote } from "./adaptive-remote";
import { chooseCustom } from "./custom";
import { chooseByEntropy, chooseEcmp, chooseEcmpQp } from "./ecmp";
import { chooseFlowlet } from "./flowlet";
import { chooseByWeight } from "./weights";
import { choosePinned } from "./pinned";
import { chooseRoundRobin } from "./round-robin";
import { chooseSpray } from "./spray";

/** Index of the candidate that the policy takes; see choice.ts. */
@inline
export function choose(policy: u32, sw: Switch, ports: u32, group: Group, packet: PacketRecord, nowPs: u64): u32 {
  switch (policy) {
    case PolicyId.Adaptive:
      return chooseAdaptive(sw, ports, group, nowPs);
    case PolicyId.Ecmp:
      return chooseEcmp(sw, group, packet.word1, packet.flow);
    case PolicyId.EcmpQp:
      return chooseEcmpQp(sw, group, packet.word1, packet.flow);
    case PolicyId.Spray:
      return chooseSpray(sw, group);
    case PolicyId.RoundRobin:
      return chooseRoundRobin(group);
    case PolicyId.Pinned:
      return choosePinned(sw, group, packet.word1);
    default:
      if (FULL) return chooseElaborately(policy, sw, ports, group, packet, nowPs);
      trap(TrapCode.LeanCore);
      return 0;
  }
}

/** Policies of the full core. */
@inline
function chooseElaborately(policy: u32, sw: Switch, ports: u32, group: Group, packet: PacketRecord, nowPs: u64): u32 {
  switch (policy) {
    case PolicyId.AdaptiveRemote:
      return chooseAdaptiveRemote(sw, ports, group, packet.word1, nowPs);
    case PolicyId.Flowlet:
      return chooseFlowlet(sw, ports, group, packet.word1, packet.flow, nowPs);
    case PolicyId.Valiant:
      return chooseSpray(sw, group);
    case PolicyId.UgalL:
      return chooseAdaptive(sw, ports, group, nowPs);
    case PolicyId.UgalG:
      return chooseByWeight(sw, ports, group, packet.word1, nowPs);
    case PolicyId.Custom:
      return chooseCustom(sw, ports, group, packet.word1, packet.flow, nowPs);
    default:
      return chooseByEntropy(sw, group, packet.word1, packet.flow, changetype<u32>(packet));
  }
}
