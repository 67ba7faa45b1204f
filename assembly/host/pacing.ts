/** QPs that wait for the time of their next packet: a binary heap for each NIC, by time, then QP. */
import { NEVER } from "../engine/state";
import { congestionOf, controlled } from "../congestion/registry";
import { Nic, Paced, Sender } from "../memory/structs";
import { kick } from "./nic";
import { senderAt } from "./parameters";
import { noteNextEvent } from "./posts";
import { noteSendable } from "./sender";

const PACED_BYTES: u32 = offsetof<Paced>();


@inline
function entryAt(nic: Nic, place: u32): Paced {
  return changetype<Paced>(nic.paced + place * PACED_BYTES);
}

/** When the next QP may go on. */
@inline
export function nextPacedPs(nic: Nic): u64 {
  return controlled && nic.pacedCount != 0 ? entryAt(nic, 0).timePs : NEVER;
}


@inline
function isBefore(a: Paced, timePs: u64, index: u32): bool {
  return a.timePs < timePs || (a.timePs == timePs && a.index < index);
}


@inline
function write(entry: Paced, timePs: u64, index: u32, flow: u32): void {
  entry.timePs = timePs;
  entry.index = index;
  entry.flow = flow;
}

/** Keeps the QP from sending until its `nextSendPs`. */
export function holdBack(nic: Nic, flow: u32, sender: Sender): void {
  const state = congestionOf(sender);
  const timePs = state.nextSendPs;
  const index = sender.index;
  state.paced = 1;
  let place = nic.pacedCount++;
  while (place != 0) {
    const above = entryAt(nic, (place - 1) >> 1);
    if (isBefore(above, timePs, index)) break;
    write(entryAt(nic, place), above.timePs, above.index, above.flow);
    place = (place - 1) >> 1;
  }
  write(entryAt(nic, place), timePs, index, flow);
  if (timePs < nic.nextEventPs) nic.nextEventPs = timePs;
}

/** Lets the first QP go on, whose time is `nowPs`. */
export function letGo(nic: Nic, nowPs: u64): void {
  const sender = senderAt(entryAt(nic, 0).flow);
  dropFirst(nic);
  congestionOf(sender).paced = 0;
  noteSendable(nic, sender);
  noteNextEvent(nic);
  kick(nic, nowPs);
}

function dropFirst(nic: Nic): void {
  const count = --nic.pacedCount;
  if (count == 0) return;
  const last = entryAt(nic, count);
  const timePs = last.timePs;
  const index = last.index;
  const flow = last.flow;
  let place: u32 = 0;
  for (;;) {
    let below: u32 = 2 * place + 1;
    if (below >= count) break;
    const right = entryAt(nic, below + 1);
    if (below + 1 < count && isBefore(right, entryAt(nic, below).timePs, entryAt(nic, below).index)) below++;
    const child = entryAt(nic, below);
    if (!isBefore(child, timePs, index)) break;
    write(entryAt(nic, place), child.timePs, child.index, child.flow);
    place = below;
  }
  write(entryAt(nic, place), timePs, index, flow);
}
