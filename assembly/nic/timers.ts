/**
 * Retransmission timers. A NIC knows a time before which none of its QPs' timers fires; when it
 * comes, all of them are looked at.
 */
import { isElsewhere, senderAt } from "../engine/queue-pairs";
import { NEVER } from "../engine/state";
import { Nic } from "../memory/structs/nic";
import { updateNextEvent } from "./agenda";
import { tryStart } from "./egress";
import { timeOut } from "./sender";

/** Fires what is due at `nowPs`, in order of the QPs, and finds the next time. */
export function fireTimers(nic: Nic, nowPs: u64): void {
  nic.timerAtPs = NEVER;
  let earliest = NEVER;
  for (let i: u32 = 0; i < nic.sendCount; i++) {
    const flow = load<u32>(nic.sendList + i * 4);
    const sender = senderAt(flow);
    if (isElsewhere(nic, sender)) continue;
    if (sender.deadlinePs == nowPs) {
      timeOut(nic, flow, sender, nowPs);
      tryStart(nic, nowPs);
    }
    if (sender.deadlinePs != 0) earliest = min(earliest, sender.deadlinePs);
  }
  nic.timerAtPs = earliest;
  updateNextEvent(nic);
}

/** `nic.timerAtPs` alone does not tell: it may be the time of a timer that was stopped. */
export function anyTimerRuns(nic: Nic): bool {
  for (let i: u32 = 0; i < nic.sendCount; i++) {
    const sender = senderAt(load<u32>(nic.sendList + i * 4));
    if (sender.deadlinePs != 0 && !isElsewhere(nic, sender)) return true;
  }
  return false;
}
