/**
 * Rules that a custom policy can follow, by its parameter 0, in what TypeScript and AssemblyScript
 * have in common: the tests compile this file too.
 */
import type { Decision, u32 } from "heddle";

export const ROUND_ROBIN = 0;
export const MIN_QUEUED = 1;
export const BY_QUEUE_PAIR = 2;
/** Looks at everything, and keeps something of it. */
export const EVERYTHING = 3;

export function choose(decision: Decision): u32 {
  const rule = decision.parameter(0);
  if (rule === ROUND_ROBIN) return roundRobin(decision);
  if (rule === MIN_QUEUED) return leastQueued(decision);
  if (rule === BY_QUEUE_PAIR) return byQueuePair(decision);
  return everything(decision);
}

function roundRobin(decision: Decision): u32 {
  const turn = decision.groupState(0);
  decision.setGroupState(0, turn + 1);
  return turn % decision.count;
}

function leastQueued(decision: Decision): u32 {
  const count = decision.count;
  const start = decision.pick(decision.draw(), count);
  let best = start;
  for (let i: u32 = 1; i < count; i++) {
    const candidate = (start + i) % count;
    if (decision.depth(candidate) < decision.depth(best)) best = candidate;
  }
  return best;
}

function byQueuePair(decision: Decision): u32 {
  const reverse: u32 = decision.backward ? 1 : 0;
  return decision.pick(decision.hash(2 * decision.qp + reverse), decision.count);
}

function everything(decision: Decision): u32 {
  const last = decision.parameter(1) - 1;
  const count = decision.count;
  let seen: u32 = decision.state(last) ^ decision.groupState(15) ^ decision.switchNumber;
  seen ^= decision.qp ^ (decision.connection << 3) ^ (decision.destination << 6);
  if (decision.backward) seen ^= 1 << 9;
  // The low bits of the time in ns, without a division that the languages do in two ways.
  if (decision.nowPs % 2000 >= 1000) seen ^= 1 << 10;
  for (let i: u32 = 0; i < count; i++) seen ^= decision.hash(decision.port(i) ^ (decision.depth(i) << 8));
  if ((seen & 1) !== 0) seen ^= decision.draw();
  decision.setState(last, seen);
  decision.setGroupState(15, decision.groupState(15) + (seen & 7));
  return decision.pick(decision.hash(seen), count);
}
