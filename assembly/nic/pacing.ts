/**
 * QPs that wait for the time of their next packet: a binary heap for each NIC, by time, then QP.
 */
import { congestionOf } from "../congestion/registry";
import { Nic, Paced } from "../memory/structs/nic";
import { Sender } from "../memory/structs/queue-pair";
import { entryAt } from "./agenda";


@inline
export function isBefore(a: Paced, timePs: u64, index: u32): bool {
  return a.timePs < timePs || (a.timePs == timePs && a.index < index);
}


@inline
export function write(entry: Paced, timePs: u64, index: u32, flow: u32): void {
  entry.timePs = timePs;
  entry.index = index;
  entry.flow = flow;
}

/** Keeps the QP from sending until its `nextSendPs`. */
export function holdBack(nic: Nic, flow: u32, sender: Sender): void {
  const state = congestionOf(sender);
  const timePs = state.nextSendPs;
  state.paced = 1;
  insert(nic, timePs, sender.index, flow);
  if (timePs < nic.nextEventPs) nic.nextEventPs = timePs;
}

function insert(nic: Nic, timePs: u64, index: u32, flow: u32): void {
  let place = nic.pacedCount++;
  while (place != 0) {
    const above = entryAt(nic, (place - 1) >> 1);
    if (isBefore(above, timePs, index)) break;
    write(entryAt(nic, place), above.timePs, above.index, above.flow);
    place = (place - 1) >> 1;
  }
  write(entryAt(nic, place), timePs, index, flow);
}

/** A QP that waits at one NIC, if it does, waits at another, where it has the place `index`. */
export function movePaced(from: Nic, to: Nic, flow: u32, index: u32): void {
  const count = from.pacedCount;
  from.pacedCount = 0;
  for (let i: u32 = 0; i < count; i++) {
    const entry = entryAt(from, i);
    if (entry.flow == flow) insert(to, entry.timePs, index, flow);
    else insert(from, entry.timePs, entry.index, entry.flow);
  }
}
