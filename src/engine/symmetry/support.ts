/** Runs that symmetry is not looked for in. */
import type { RunPlan } from "../../plan/plan.js";
import { whyNotAccelerated } from "../../plan/policies/in-use.js";
import type { Usage } from "./usage.js";

/** Why, by the rows of what a run of this plan uses; null where it can be. */
export function whyNot(plan: RunPlan): string | null {
  return plan.flows.count === 0 ? "nothing is sent" : whyNotAccelerated(plan, "symmetry");
}

/**
 * Whether frames get lost at random on a link that is used: each link has random numbers of its
 * own.
 */
export function losesFrames({ plan, ports }: Usage): boolean {
  return ports.some((port) => plan.hazards[plan.fabric.portClass[port]!] !== null);
}

/**
 * Whether a link that is used is on credit: then each packet that leaves a switch is heard of on
 * another link.
 */
export function usesCredit({ plan, ports }: Usage): boolean {
  const { credit } = plan.flowControl;
  return credit !== null && ports.some((port) => credit.bufferBlocks[port]! > 0);
}

/** Why programs keep a run from being folded; null where they do not. */
export function whyNotPrograms({ programs, plan, ports, nicOf }: Usage): string | null {
  if (programs === null) return null;
  const { ranks } = programs.programs;
  if (ranks.jitter.some((share) => share !== 0)) return "durations of computations are drawn";
  const isUsed = new Uint8Array(plan.fabric.rankCount);
  for (const port of ports) if (nicOf[port]! >= 0) isUsed[plan.fabric.nics.rank[nicOf[port]!]!] = 1;
  const isIdle = ranks.rank.some((rank) => isUsed[rank] === 0);
  return isIdle ? "a rank with a program neither sends nor receives" : null;
}
