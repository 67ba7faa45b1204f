/**
 * Weights of the candidates of `ugal-l` and `ugal-g` (MODEL §9, Detours).
 */
import { TIME_SHIFT } from "../engine/key";
import { deviceAt, portAt } from "../engine/state";
import { run } from "../memory/arena";
import { DeviceKind } from "../memory/structs/device";
import { Group, Switch } from "../memory/structs/switch";
import { ADDRESS_MASK } from "../packet/packet";
import { candidate } from "../port/candidate";
import { DEEPEST, depthOf } from "../port/depths";
import { draw, pick } from "../random/hash";
import { PLACE_BITS, PLACE_MASK } from "./adaptive";
import { sampledDepth } from "./samples";

const GROUP_BYTES: u32 = offsetof<Group>();

/** The candidates of a router for an address, which may stand for a group of routers. */
@inline
function candidatesTo(sw: Switch, aim: u32): Group {
  return changetype<Group>(sw.groups + <u32>load<u16>(sw.table + aim * 2) * GROUP_BYTES);
}

/** The group of routers of an address. */
@inline
export function routersOf(aim: u32): u32 {
  return aim >= run.firstVia ? aim - run.firstVia : aim / run.detourHosts;
}

/** As `chooseAdaptive`, by weight. */
export function chooseByWeight(sw: Switch, ports: u32, group: Group, word1: u32, nowPs: u64): u32 {
  const count = group.count;
  const start = pick(draw(sw.tieKey, sw.tieDraws++), count);
  const aim = word1 & ADDRESS_MASK;
  let best: u32 = u32.MAX_VALUE;
  for (let i: u32 = 0; i < count; i++) {
    const place = i >= start ? i - start : i + count - start;
    best = min(best, (weigh(sw, ports, candidate(group, i), aim, nowPs) << PLACE_BITS) | place);
  }
  const index = (best & PLACE_MASK) + start;
  return index >= count ? index - count : index;
}

/** The least weight of the candidates for an address. */
export function leastWeight(sw: Switch, ports: u32, aim: u32, nowPs: u64): u32 {
  const group = candidatesTo(sw, aim);
  let least: u32 = u32.MAX_VALUE;
  for (let i: u32 = 0; i < group.count; i++) least = min(least, weigh(sw, ports, candidate(group, i), aim, nowPs));
  return least;
}

function weigh(sw: Switch, ports: u32, local: u32, aim: u32, nowPs: u64): u32 {
  const depth = depthOf(sw, ports, local, nowPs);
  return sw.samples == 0 ? depth : min<u32>(depth + depthBehind(sw, ports, local, aim, nowPs), DEEPEST);
}

/**
 * What is known to wait at the next router of the group, for an address that lies outside of it.
 */
function depthBehind(sw: Switch, ports: u32, local: u32, aim: u32, nowPs: u64): u32 {
  if (routersOf(aim) + 1 == sw.routerGroup) return 0;
  const device = deviceAt(portAt(ports, local).peer >> TIME_SHIFT);
  if (device.kind != DeviceKind.Switch) return 0;
  const next = changetype<Switch>(device.body);
  if (next.routerGroup != sw.routerGroup) return 0;
  const group = candidatesTo(next, aim);
  let least = DEEPEST;
  for (let i: u32 = 0; i < group.count; i++) least = min(least, sampledDepth(next, candidate(group, i), nowPs));
  return least;
}
