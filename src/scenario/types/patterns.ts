/** Lists of flows by rule, the same for a seed everywhere. */
import { mix32, streamKey } from "./random.js";
import type { FlowSpec } from "./scenario.js";

/** Random streams of the core have the purposes below this. */
const PURPOSE_PERMUTATION = 16;
const PURPOSE_HOTSPOT = 17;

/** Flows that a scenario may have. */
export const MAX_FLOWS = 2 ** 20;

interface Message {
  readonly bytes: number;
  readonly startPs: number;
}

/** Every rank sends to another one and receives from another one, at random. */
export function permutation(ranks: number, seed: number, message: Message): FlowSpec[] {
  const pick = picker(seed, PURPOSE_PERMUTATION);
  // A shuffle has no fixed point with probability 1/e: a hundred tries fail once in 10^19.
  for (let tries = 0; tries < 100; tries++) {
    const to = shuffled(ranks, pick);
    if (to.every((dst, src) => dst !== src)) return to.map((dst, src) => ({ src, dst, ...message }));
  }
  return shift(ranks, 1, message);
}

function picker(seed: number, purpose: number): (n: number) => number {
  const key = streamKey(seed, purpose, 0);
  let counter = 0;
  return (n) => Math.floor((mix32((key + Math.imul(counter++, 0x9e3779b9)) >>> 0) * n) / 2 ** 32);
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

/**
 * As `permutation`, but `senders` ranks, any but the target and at random, send to the target
 * instead.
 */
export function hotspot(ranks: number, target: number, senders: number, seed: number, message: Message): FlowSpec[] {
  const others = shuffled(ranks - 1, picker(seed, PURPOSE_HOTSPOT)).map((i) => (i < target ? i : i + 1));
  const hot = new Set(others.slice(0, senders));
  return permutation(ranks, seed, message).map((flow) => (hot.has(flow.src) ? { ...flow, dst: target } : flow));
}

/**
 * What a ring over all ranks sends across the ends of groups: the last `width` ranks of each group
 * of `group` send to the first of the next, one each. The last group may be smaller, and send and
 * receive less.
 */
export function ringBoundary(ranks: number, group: number, width: number, message: Message): FlowSpec[] {
  const flows: FlowSpec[] = [];
  for (let first = 0; first < ranks; first += group) {
    const end = Math.min(ranks, first + group);
    const next = end % ranks;
    const count = Math.min(width, end - first, Math.min(ranks, next + group) - next);
    for (let i = 0; i < count; i++) flows.push({ src: end - count + i, dst: next + i, ...message });
  }
  return flows;
}

/**
 * Every rank sends to `fanOut` others, spread evenly over all of them, nearest first, rank by rank.
 */
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
