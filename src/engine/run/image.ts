/** Images of a run's memory, and the cores that can go on from them. */
import type { RunPlan } from "../../plan/plan.js";
import type { CorePolicy } from "../core/core-policy.js";
import { CapacityError } from "../core/errors.js";
import type { headerOf } from "../core/header.js";
import { type CoreInstance, canShareMemory, instantiateCore } from "../core/instance.js";
import { Run } from "../core/layout.js";
import { fitsLeanCore, imageFitsLeanCore } from "../core/lean.js";

/** Fields of the header that `setRouting` takes, in order. */
export const RULES = ["policy", "quantumShift", "stateWords", "policyIdentity", "tickBytes"] as const;
export type RoutingRules = Parameters<CoreInstance["exports"]["setRouting"]>;
/** Those that `setFlowlets` takes. */
export const FLOWLETS = ["flowletGapPs", "flowletEntries"] as const;
export type FlowletRules = Parameters<CoreInstance["exports"]["setFlowlets"]>;

/** What may differ between a run and one that goes on from its image. */
const CHANGEABLE: ReadonlySet<string> = new Set([...RULES, ...FLOWLETS, "flowletBytes"]);

/** A core that can go on from the image by the routing of the plan. */
export async function coreForImage(
  plan: RunPlan,
  image: Uint8Array,
  { policy, lean }: { readonly policy?: CorePolicy; readonly lean?: boolean },
): Promise<CoreInstance> {
  const kind = { shared: canShareMemory(), bytes: image.length, policy };
  if (lean !== false && fitsLeanCore(plan)) {
    const core = await instantiateCore({ ...kind, lean: true });
    if (imageFitsLeanCore(image, core.header)) return core;
  }
  return instantiateCore({ ...kind, lean: false });
}

/** @throws CapacityError where the image is not of a run with this header. */
export function checkImage({ memory, header }: CoreInstance, expected: ReturnType<typeof headerOf>): void {
  for (const [name, value] of Object.entries(expected)) {
    const actual = memory.get(header, Run[name as keyof typeof Run]);
    if (actual === value || CHANGEABLE.has(name)) continue;
    throw new CapacityError(
      `this is not an image of a run of this scenario (${name} is ${actual} there, ${value} here)`,
    );
  }
}
