/**
 * `adaptive` that also weighs the queues behind its candidates. A switch with a queue on the way to
 * a group of destinations sends a notice to the switch that a packet came from. (InfiniBand has
 * adaptive routing notifications for this.) An advertised queue counts as draining at line rate, so
 * no notice of its end is needed.
 */
import { TIME_SHIFT } from "../engine/key";
import { deviceAt, portAt } from "../engine/state";
import { own, run } from "../memory/arena";
import { DeviceKind } from "../memory/structs/device";
import { Group, RemoteQueue, Switch } from "../memory/structs/switch";
import { ADDRESS_MASK, DATA, TYPE_MASK } from "../packet/packet";
import { candidate } from "../port/candidate";
import { DEEPEST, depthOf } from "../port/depths";
import { draw, pick } from "../random/hash";
import { PLACE_BITS, PLACE_MASK } from "./adaptive";

const ENTRY_BYTES: u32 = offsetof<RemoteQueue>();

export function chooseAdaptiveRemote(sw: Switch, ports: u32, group: Group, word1: u32, nowPs: u64): u32 {
  const count = group.count;
  const start = pick(draw(sw.tieKey, sw.tieDraws++), count);
  const destinations = destinationsOf(word1);
  let best: u32 = u32.MAX_VALUE;
  for (let i: u32 = 0; i < count; i++) {
    const weight = weigh(sw, ports, candidate(group, i), destinations, nowPs);
    const place = i >= start ? i - start : i + count - start;
    best = min(best, (weight << PLACE_BITS) | place);
  }
  const index = (best & PLACE_MASK) + start;
  return index >= count ? index - count : index;
}

/** The group of destinations that a packet goes to. */
@inline
export function destinationsOf(word1: u32): u32 {
  return (word1 & ADDRESS_MASK) / run.groupDivisor;
}

/** Quanta that wait at a port and, as far as was advertised, behind it. */
function weigh(sw: Switch, ports: u32, local: u32, destinations: u32, nowPs: u64): u32 {
  const depth = depthOf(sw, ports, local, nowPs);
  const entry = entryOf(sw, local, destinations);
  if (entry.group != destinations + 1) return depth;
  const now = nowPs >> run.quantumShift;
  const ahead = entry.emptyAt > now ? entry.emptyAt - now : 0;
  return <u32>min<u64>(depth + ahead, DEEPEST);
}

/**
 * A packet from `ingress` goes on by `egress`: the weight to tell the port at the other end of
 * `ingress`, or 0. What waits for a host waits on every path, and a host has no choice: only
 * switches are told, of queues towards switches.
 */
export function noticeDue(sw: Switch, ports: u32, ingress: u32, egress: u32, word1: u32, nowPs: u64): u32 {
  if ((word1 & TYPE_MASK) != DATA) return 0;
  const destinations = destinationsOf(word1);
  const weight = weigh(sw, ports, egress, destinations, nowPs);
  if (weight < run.noticeQuanta || !leadsToSwitch(ports, ingress) || !leadsToSwitch(ports, egress)) return 0;
  const entry = entryOf(sw, ingress, destinations);
  if (nowPs < entry.nextNoticePs) return 0;
  entry.nextNoticePs = nowPs + run.noticeIntervalPs;
  own.noticesSent++;
  return weight;
}

/** A notice has come by a port. */
export function takeAdvertisement(sw: Switch, local: u32, destinations: u32, weight: u32, nowPs: u64): void {
  const entry = entryOf(sw, local, destinations);
  entry.group = destinations + 1;
  entry.emptyAt = (nowPs >> run.quantumShift) + weight;
  own.noticesReceived++;
}


@inline
function entryOf(sw: Switch, local: u32, destinations: u32): RemoteQueue {
  const row = sw.remotes + (destinations % run.remoteEntries) * sw.remoteRowBytes;
  return changetype<RemoteQueue>(row + local * ENTRY_BYTES);
}

/** Whether a local port is linked to a switch. */
@inline
export function leadsToSwitch(ports: u32, local: u32): bool {
  return deviceAt(portAt(ports, local).peer >> TIME_SHIFT).kind == DeviceKind.Switch;
}
