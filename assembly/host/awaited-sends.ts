/**
 * Packets whose end of transmission a program waits for. NICs are played forward lazily, each by
 * itself; a program that goes on when one of them has sent something may act on the others. So
 * where that is awaited, NICs of the device are played forward together, one transmission at a
 * time.
 */
import { NIC_BYTES } from "../engine/queue-pairs";
import { NEVER } from "../engine/state";
import { Device } from "../memory/structs/device";
import { Nic } from "../memory/structs/nic";
import { Port } from "../memory/structs/port";
import { advance } from "../nic/advance";
import { hasWork } from "../nic/egress";
import { programHostAt } from "../nic/program-flows";

/**
 * Plays what a NIC of the device does next before `limitPs`, if a program waits for any of them.
 * False where there is nothing to play.
 */
export function playAwaitedSend(number: u32, device: Device, limitPs: u64): bool {
  if (programHostAt(number).awaitedSends == 0) return false;
  let first: u32 = 0;
  let nextPs = NEVER;
  for (let i: u32 = 0; i < device.portCount; i++) {
    const at = device.body + i * NIC_BYTES;
    const actsPs = actsAtPs(changetype<Nic>(at));
    if (actsPs >= nextPs) continue;
    nextPs = actsPs;
    first = at;
  }
  if (nextPs >= limitPs) return false;
  advance(changetype<Nic>(first), nextPs + 1, nextPs);
  return true;
}

/** When the NIC does something next by itself. */
function actsAtPs(nic: Nic): u64 {
  const port = changetype<Port>(nic.port);
  const next = nic.nextEventPs;
  return hasWork(nic, port) ? min(next, <u64>port.busyUntilPs) : next;
}
