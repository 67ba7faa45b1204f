/** Lists of flows by rule, the same for a seed everywhere. */
import { mix32, streamKey } from "./random.js";
import type { FlowSpec } from "./scenario.js";

/** Random streams of the core have the purposes below this. */
const PURPOSE_PERMUTATION = 16;

/** Flows that a scenario may have. */
export const MOST_FLOWS = 2 ** 20;

interface Message {
  readonly bytes: number;
  readonly startPs: number;
}

/** Every rank sends to another one and receives from another one, at random. */
export function permutation(ranks: number, seed: number, message: Message): FlowSpec[] {
  const key = streamKey(seed, PURPOSE_PERMUTATION, 0);
  let counter = 0;
  const pick = (n: number) => Math.floor((mix32((key + Math.imul(counter++, 0x9e3779b9)) >>> 0) * n) / 2 ** 32);
  // A shuffle has no fixed point with probability 1/e: a hundred tries fail once in 10^19.
  for (let tries = 0; tries < 100; tries++) {
    const to = shuffled(ranks, pick);
    if (to.every((dst, src) => dst !== src)) return to.map((dst, src) => ({ src, dst, ...message }));
  }
  return shift(ranks, 1, message);
}

function shuffled(count: number, pick: (n: number) => number): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = pick(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** `senders` ranks, spread evenly over all but the target, send to the target. */
export function incast(ranks: number, target: number, senders: number, message: Message): FlowSpec[] {
  return Array.from({ length: senders }, (_, i) => {
    const other = 1 + Math.floor((i * (ranks - 1)) / senders);
    return { src: (target + other) % ranks, dst: target, ...message };
  });
}

/** Every rank sends to `fanOut` others, spread evenly over all of them, nearest first, rank by rank. */
export function allToAll(ranks: number, fanOut: number, message: Message): FlowSpec[] {
  const flows: FlowSpec[] = [];
  for (let src = 0; src < ranks; src++) {
    for (let i = 0; i < fanOut; i++) {
      const by = 1 + Math.floor((i * (ranks - 1)) / fanOut);
      flows.push({ src, dst: (src + by) % ranks, ...message });
    }
  }
  return flows;
}

/** Rank `r` sends to rank `r + by`, around the end. */
export function shift(ranks: number, by: number, message: Message): FlowSpec[] {
  return Array.from({ length: ranks }, (_, src) => ({ src, dst: (src + by) % ranks, ...message }));
}
