/**
 * From a packet's destination to the egress port: the routing table gives candidates, the policy
 * takes one.
 */
import { run } from "../memory/arena";
import { PolicyId } from "../memory/structs/run";
import { Group, Switch } from "../memory/structs/switch";
import { ADDRESS_MASK } from "../packet/packet";
import { PacketRecord } from "../packet/record";
import { loadDecisionParameters } from "../policy/decision";
import { candidate } from "../port/candidate";
import { keyOf, Purpose } from "../random/hash";
import { choose } from "./registry";

const GROUP_BYTES: u32 = offsetof<Group>();

let policy: u32 = 0;

export function loadRoutingParameters(): void {
  policy = run.policy;
  if (policy == PolicyId.Custom) loadDecisionParameters();
}

/** Gives every switch the keys of its hashes and draws. */
export function startRouting(): void {
  for (let i: u32 = 0; i < run.switchCount; i++) {
    const sw = changetype<Switch>(run.switches + i * offsetof<Switch>());
    sw.hashKey = keyOf(Purpose.Hash, i);
    sw.sprayKey = keyOf(Purpose.Spray, i);
    sw.tieKey = keyOf(Purpose.TieBreak, i);
  }
}

/** Local egress port for the packet at this switch now. */
@inline
export function route(sw: Switch, ports: u32, packet: PacketRecord, nowPs: u64): u32 {
  const address = packet.word1 & ADDRESS_MASK;
  let group: Group;
  if (sw.table == 0) {
    const below = address - sw.low;
    if (below < sw.span) {
      const child = <u32>((<u64>below * sw.strideReciprocal) >> 40);
      if (sw.downWidth == 1) return sw.downBase + child;
      group = changetype<Group>(sw.groups + child * GROUP_BYTES);
    } else {
      group = changetype<Group>(sw.upGroup);
    }
  } else {
    group = changetype<Group>(sw.groups + <u32>load<u16>(sw.table + address * 2) * GROUP_BYTES);
  }
  if (group.count == 1) return candidate(group, 0);
  return candidate(group, choose(policy, sw, ports, group, packet, nowPs));
}
