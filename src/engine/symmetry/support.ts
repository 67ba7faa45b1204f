/** Runs that symmetry is not looked for in. */
import type { RunPlan } from "../../plan/plan.js";
import type { Usage } from "./usage.js";

/** Why; null where it can be. */
export function whyNot({ routing, stalls, flows }: RunPlan): string | null {
  if (flows.count === 0) return "nothing is sent";
  if (stalls.length > 0) return "a NIC stalls";
  if (routing.policy === "custom") return "a custom policy is asked";
  if (routing.policy === "adaptive-remote") return "switches tell each other of their queues";
  if (SPRAYING.has(routing.policy)) return "senders draw where packets go";
  return null;
}

const SPRAYING: ReadonlySet<string> = new Set(["oblivious", "reps", "bitmap", "mixed"]);

/** Whether frames get lost at random on a link that is used: each link has random numbers of its own. */
export function losesFrames({ plan, ports }: Usage): boolean {
  return ports.some((port) => plan.hazards[plan.fabric.portClass[port]!] !== null);
}

/** Whether a link that is used is on credit: then each packet that leaves a switch is heard of on another link. */
export function usesCredit({ plan, ports }: Usage): boolean {
  const { credit } = plan.flowControl;
  return credit !== null && ports.some((port) => credit.bufferBlocks[port]! > 0);
}
