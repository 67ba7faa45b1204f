/** What fast-forward is not made for: it stays off there, and the result says why. */
import type { RunPlan } from "../../plan/plan.js";
import { isSpraying } from "../core/spraying.js";

/** Why a run of this plan cannot be fast-forwarded; null where it can. */
export function whyNot({ routing, transport, flowControl, stalls, dataClasses }: RunPlan): string | null {
  const control = transport.congestionControl?.kind;
  if (control === "hpcc") return "hpcc keeps measurements that it is not made for";
  if (control === "rccc") return "rccc keeps credit that it is not made for";
  if (dataClasses.length > 1) return "ports keep several data classes apart, which it is not made for";
  if (stalls.length !== 0) return "NICs that stall hold packets that it is not made for";
  if (flowControl.watchdog !== null) return "a watchdog ends pauses at times that it is not made for";
  if (flowControl.credit !== null) return "links on credit count blocks that it is not made for";
  if (isSpraying(routing.policy)) return `routing by ${routing.policy} draws random numbers all the time`;
  if (routing.policy === "adaptive-remote") return "switches remember the queues behind others by time";
  if (routing.policy === "custom") return "a custom routing policy may keep what it is not made for";
  if (routing.policy === "flowlet") return "flowlets remember paths by time";
  return null;
}
