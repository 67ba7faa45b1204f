/** QPs whose rate lets them send again. */
import { congestionOf } from "../congestion/registry";
import { senderAt } from "../engine/queue-pairs";
import { Nic } from "../memory/structs/nic";
import { QpEvent } from "../memory/structs/watch";
import { entryAt, updateNextEvent } from "./agenda";
import { tryStart } from "./egress";
import { isBefore, write } from "./pacing";
import { tellQp, updateSendable } from "./sender";

/** Lets the first QP go on, whose time is `nowPs`. */
export function letGo(nic: Nic, nowPs: u64): void {
  const flow = entryAt(nic, 0).flow;
  const sender = senderAt(flow);
  dropFirst(nic);
  congestionOf(sender).paced = 0;
  updateSendable(nic, sender);
  tellQp(flow, sender, QpEvent.Released, nowPs);
  updateNextEvent(nic);
  tryStart(nic, nowPs);
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
