/**
 * NICs that take no data for a time. When they begin and cease is an event of their device, as arrivals are: what was held is delivered then, which
 * may set other NICs of the rank to work.
 */
import { FULL } from "../features";
import { NEVER } from "../engine/state";
import { wakeAt } from "../engine/wake";
import { gapBytes, isControl, wireBytes } from "../link/packet";
import { extraOf } from "../link/transmit";
import { own, run } from "../memory/arena";
import { setBit } from "../memory/bitmap";
import { advanceHead, freeChunk, nextSlot } from "../memory/chunks";
import { Device, Nic, Port, Stall, StallState } from "../memory/structs";
import { passTag, tagBytes } from "../memory/tags";
import { advance } from "./nic";
import { NIC_BYTES } from "./parameters";
import { stallOf, tellPeer } from "./pauses";
import { process } from "./step";

/** Whether any NIC stalls in this run. */
export let stalling: bool = false;

export function loadStallParameters(): void {
  if (FULL) stalling = run.stallCount != 0;
}

/** Whether the NIC has a `Stall`. */
@inline
export function mayStall(nic: Nic): bool {
  return stalling && nic.stall != 0;
}


@inline
function nextStallPs(stall: Stall): u64 {
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

/** Lets NICs of the device begin and cease to stall, as far as that is due before `limitPs`, in order of time, then port. */
export function playStalls(device: Device, limitPs: u64): void {
  for (let now = nextStallOf(device); now < limitPs; now = nextStallOf(device)) {
    for (let i: u32 = 0; i < device.portCount; i++) {
      const nic = changetype<Nic>(device.body + i * NIC_BYTES);
      if (nic.stall == 0 || nextStallPs(stallOf(nic)) != now) continue;
      setBit(device.active, i);
      advance(nic, now, now);
      if (stallOf(nic).state == StallState.Before) begin(nic, now);
      else cease(nic, now);
    }
  }
}

/** Sees to it that the device is stepped when a NIC begins or ceases next. */
export function wakeForStall(number: u32, device: Device): void {
  const next = nextStallOf(device);
  if (next != NEVER) wakeAt(number, device, next);
}

function begin(nic: Nic, nowPs: u64): void {
  stallOf(nic).state = StallState.Stalled;
  tellPeer(nic, true, nowPs);
}

function cease(nic: Nic, nowPs: u64): void {
  const stall = stallOf(nic);
  stall.state = StallState.Over;
  tellPeer(nic, false, nowPs);
  let record = stall.heldHead;
  for (let left = stall.heldCount; left != 0; left--) {
    process(nic, record, nowPs);
    if (left == 1) freeChunk(record);
    else record = advanceHead(record);
  }
  stall.heldCount = 0;
  stall.heldBytes = 0;
}

/** Keeps the packet at `record` if the NIC stalls, and it is of the data class. */
export function isHeld(nic: Nic, record: u32): bool {
  const stall = stallOf(nic);
  const word1 = load<u32>(record, 4);
  if (stall.state != StallState.Stalled || isControl(word1)) return false;
  const bytes = wireBytes(word1, load<u32>(record, 12)) - gapBytes;
  if (stall.heldBytes + bytes > stall.bufferBytes) {
    extraOf(changetype<Port>(nic.port)).droppedCongestion++;
    own.droppedCongestion++;
    return true;
  }
  stall.heldBytes += bytes;
  const kept = nextSlot(stall.heldTail);
  stall.heldTail = kept;
  if (stall.heldCount++ == 0) stall.heldHead = kept;
  store<u64>(kept, load<u64>(record));
  store<u64>(kept, load<u64>(record, 8), 8);
  if (tagBytes != 0) passTag(record, kept);
  return true;
}
