/** A QP goes on over another NIC of its device, or to another one (docs/MODEL.md §7). */
import { controlled } from "../congestion/registry";
import { receiverAt, senderAt } from "../engine/queue-pairs";
import { deviceAt } from "../engine/state";
import { run } from "../memory/arena";
import { clearBit, hasBit, setBit } from "../memory/bitmap";
import { Change } from "../memory/structs/change";
import { Nic } from "../memory/structs/nic";
import { Sender } from "../memory/structs/queue-pair";
import { advance } from "./advance";
import { updateNextEvent } from "./agenda";
import { movePaced } from "./pacing";
import { movePosts, schedulePost } from "./posts";
import { beginAnew } from "./sender";

/** Called by the first thread, between windows, when all before the change has happened. */
export function moveQp(change: Change): void {
  const flow = change.place;
  const to = changetype<Nic>(change.target);
  const sender = senderAt(flow);
  const from = changetype<Nic>(sender.nic);
  sender.destination = change.group;
  receiverAt(flow).source = change.source;
  // It is not sendable before its post: an idle port would send before that.
  dropSendable(from, sender);
  if (changetype<u32>(from) != change.target) changeNic(from, to, flow, sender, change.count);
  if (change.away) beginAnew(to, flow, sender, change.atPs);
  schedulePost(to, flow, 0, change.atPs);
  updateNextEvent(from);
  updateNextEvent(to);
  const device = deviceAt(to.device);
  setBit(device.active, to.index);
  device.wakeAtPs = min(device.wakeAtPs, change.atPs);
  run.nextScan = 0;
}

function dropSendable(nic: Nic, sender: Sender): void {
  if (!hasBit(nic.sendable, sender.index)) return;
  clearBit(nic.sendable, sender.index);
  nic.sendableCount--;
}

function changeNic(from: Nic, to: Nic, flow: u32, sender: Sender, index: u32): void {
  movePosts(from, to, flow);
  if (controlled) movePaced(from, to, flow, index);
  sender.nic = changetype<u32>(to);
  sender.index = index;
  if (sender.deadlinePs != 0) to.timerAtPs = min(to.timerAtPs, sender.deadlinePs);
}

/** The NIC that a QP of the device of `nic` sends from, brought up to date. */
export function ownNic(nic: Nic, sender: Sender, nowPs: u64): Nic {
  if (sender.nic == changetype<u32>(nic)) return nic;
  const own = changetype<Nic>(sender.nic);
  setBit(deviceAt(own.device).active, own.index);
  advance(own, nowPs, nowPs);
  return own;
}
