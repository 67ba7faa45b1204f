/**
 * Ways over a third group of a dragonfly: `valiant`, `ugal-l`, `ugal-g` (MODEL §9, Detours).
 *
 * A packet with a via has the address of that group in the place of its destination. The router
 * that takes the via away finds the destination by the QP. The lane of a packet is in its second
 * word: that of the link that it is on, or waits for.
 */
import { receiverAt, senderAt } from "../engine/queue-pairs";
import { run } from "../memory/arena";
import { FULL } from "../memory/features";
import { PolicyId } from "../memory/structs/run";
import { Switch } from "../memory/structs/switch";
import { ADDRESS_MASK, BACKWARD, LANE_SHIFT } from "../packet/packet";
import { PacketRecord } from "../packet/record";
import { draw, pick } from "../random/hash";
import { leadsToSwitch } from "./adaptive-remote";
import { route } from "./route";
import { leastWeight, routersOf } from "./weights";

/** Whether packets of the run may go over third groups. */
export let detouring: bool = false;

export function loadDetourParameters(): void {
  if (FULL) detouring = run.detourGroups != 0;
}

/** Local egress port for the packet now; gives and takes its via, and finds its lane. */
export function routeByGroups(sw: Switch, ports: u32, ingress: u32, packet: PacketRecord, nowPs: u64): u32 {
  if (sw.routerGroup != 0) {
    const own = sw.routerGroup - 1;
    const word1 = packet.word1;
    let aim = word1 & ADDRESS_MASK;
    if (aim == run.firstVia + own) aim = destinationOf(packet);
    else if (aim < run.firstVia && !leadsToSwitch(ports, ingress)) aim = firstAim(sw, ports, own, aim, nowPs);
    const lane: u32 = aim >= run.firstVia ? 0 : routersOf(aim) != own ? 1 : 2;
    packet.word1 = (word1 & ~ADDRESS_MASK) | aim;
    packet.word2 = packet.flow | (min(lane, run.lanesInFlight - 1) << LANE_SHIFT);
  }
  return route(sw, ports, packet, nowPs);
}

/** Where a packet that comes from a host goes first: its destination, or a third group. */
function firstAim(sw: Switch, ports: u32, own: u32, destination: u32, nowPs: u64): u32 {
  const last = routersOf(destination);
  if (last == own || run.detourGroups < 3) return destination;
  let via = pick(draw(sw.sprayKey, sw.sprayDraws++), run.detourGroups - 2);
  if (via >= min(own, last)) via++;
  if (via >= max(own, last)) via++;
  const aim = run.firstVia + via;
  if (run.policy == PolicyId.Valiant) return aim;
  const direct = leastWeight(sw, ports, destination, nowPs);
  return direct > 2 * leastWeight(sw, ports, aim, nowPs) + run.biasQuanta ? aim : destination;
}


@inline
function destinationOf(packet: PacketRecord): u32 {
  return (packet.word1 & BACKWARD) != 0 ? receiverAt(packet.flow).source : senderAt(packet.flow).destination;
}
