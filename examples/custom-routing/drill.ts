/**
 * DRILL(d, m): Ghorbani et al., DRILL: Micro Load Balancing for Low-latency Data Center Networks,
 * SIGCOMM 2017. Each packet goes to the least queued of d candidates drawn at random and the one
 * that was best last time (m = 1): nearly as good as looking at every queue, for much less.
 * Parameter 0 is d; left out, 2.
 */
import type { Decision, u32 } from "heddle";

export function choose(decision: Decision): u32 {
  const count = decision.count;
  const draws: u32 = decision.parameter(0) === 0 ? 2 : decision.parameter(0);
  let best = decision.groupState(0);
  let least = decision.depth(best);
  for (let i: u32 = 0; i < draws; i++) {
    const candidate = decision.pick(decision.draw(), count);
    const depth = decision.depth(candidate);
    if (depth < least) {
      best = candidate;
      least = depth;
    }
  }
  decision.setGroupState(0, best);
  return best;
}
