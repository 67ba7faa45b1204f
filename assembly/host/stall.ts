/**
 * NICs that take no data for a time. When they begin and cease is an event of their device, as
 * arrivals are: what was held is delivered then, which may set other NICs of the rank to work.
 */
import { NIC_BYTES } from "../engine/queue-pairs";
import { NEVER } from "../engine/state";
import { wakeAt } from "../engine/wake";
import { watching, watchLoss } from "../engine/watch";
import { own } from "../memory/arena";
import { nextSlot } from "../memory/chunks";
import { Device } from "../memory/structs/device";
import { Nic, Stall, StallState } from "../memory/structs/nic";
import { Port } from "../memory/structs/port";
import { WatchedLoss } from "../memory/structs/watch";
import { stallOf } from "../nic/agenda";
import { PacketRecord, packetAt } from "../packet/record";
import { passTag, tagBytes } from "../packet/tags";
import { extraOf, portNumber } from "../port/port";


@inline
export function nextStallPs(stall: Stall): u64 {
  if (stall.state == StallState.Before) return stall.fromPs;
  return stall.state == StallState.Stalled ? stall.untilPs : NEVER;
}

/** When the next NIC of the device begins or ceases to stall. */
export function nextStallOf(device: Device): u64 {
  let next = NEVER;
  for (let i: u32 = 0; i < device.portCount; i++) {
    const nic = changetype<Nic>(device.body + i * NIC_BYTES);
    if (nic.stall != 0) next = min(next, nextStallPs(stallOf(nic)));
  }
  return next;
}

/** Sees to it that the device is stepped when a NIC begins or ceases next. */
export function wakeForStall(number: u32, device: Device): void {
  const next = nextStallOf(device);
  if (next != NEVER) wakeAt(number, device, next);
}

/** Keeps the packet if the NIC stalls, and it is of the data class. */
export function isHeld(nic: Nic, packet: PacketRecord, nowPs: u64): bool {
  const stall = stallOf(nic);
  if (stall.state != StallState.Stalled || packet.isControl) return false;
  const bytes = packet.accountedBytes;
  if (stall.heldBytes + bytes > stall.bufferBytes) {
    const port = changetype<Port>(nic.port);
    extraOf(port).droppedCongestion++;
    own.droppedCongestion++;
    if (watching()) watchLoss(portNumber(port), packet, WatchedLoss.Congestion, false, nowPs);
    return true;
  }
  stall.heldBytes += bytes;
  const kept = nextSlot(stall.heldTail);
  stall.heldTail = kept;
  if (stall.heldCount++ == 0) stall.heldHead = kept;
  packetAt(kept).write(packet.key, packet.word1, packet.words23);
  if (tagBytes != 0) passTag(changetype<u32>(packet), kept);
  return true;
}
