/**
 * A NIC: one egress port that serves credit updates and ACKs first and then, round robin, one
 * packet of each sendable QP. It is brought up to date only when something happens to it: `advance`
 * plays posts, timers, paced QPs, CNPs and transmissions up to an instant.
 */
import { Nic } from "../memory/structs/nic";
import { Port } from "../memory/structs/port";
import { nextCnpPs, nextGrantPs, nextPacedPs, nextPausePs, nextPostPs } from "./agenda";
import { sendDueCnp } from "./due-cnps";
import { hasWork, tryStart, startNext } from "./egress";
import { grantNext } from "./granter";
import { playPause } from "./pauses";
import { playPost } from "./posts";
import { letGo } from "./release-paced";
import { fireTimers } from "./timers";

/**
 * Plays everything that comes before the arrivals at `nowPs`: posts up to and including
 * `postsUpToPs`, timers and transmissions that start before `nowPs`.
 */
@inline
export function advance(nic: Nic, nowPs: u64, postsUpToPs: u64): void {
  // A packet that is sent may bring an event that comes first, its own QP's next turn for one.
  do {
    if (nic.nextEventPs <= postsUpToPs) playEvents(nic, nowPs, postsUpToPs);
    drain(nic, changetype<Port>(nic.port), nowPs);
  } while (nic.nextEventPs < nowPs);
}

function playEvents(nic: Nic, nowPs: u64, postsUpToPs: u64): void {
  const port = changetype<Port>(nic.port);
  for (;;) {
    const post = nextPostPs(nic);
    const pause = nextPausePs(nic);
    const own = min(nic.timerAtPs, nextPacedPs(nic));
    const timer = min(min(own, pause), min(nextCnpPs(nic), nextGrantPs(nic)));
    if (post <= timer ? post > postsUpToPs : timer >= nowPs) return;
    const next = min(post, timer);
    drain(nic, port, next);
    if (nic.nextEventPs < next) continue;
    if (post <= timer) {
      playPost(nic, post);
      tryStart(nic, post);
    } else {
      if (timer == pause) playPause(nic, timer);
      else if (timer == nic.timerAtPs) fireTimers(nic, timer);
      else if (timer == nextPacedPs(nic)) letGo(nic, timer);
      else if (timer == nextCnpPs(nic)) sendDueCnp(nic, timer);
      else grantNext(nic, timer);
    }
  }
}

/**
 * Starts transmissions back to back while the port falls free before `limitPs` and the next event,
 * and something is to be sent.
 */
@inline
function drain(nic: Nic, port: Port, limitPs: u64): void {
  while (port.busyUntilPs < <i64>min(limitPs, nic.nextEventPs) && hasWork(nic, port)) {
    startNext(nic, port, port.busyUntilPs);
  }
}
