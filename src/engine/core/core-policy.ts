/** What decides where routing is custom, and how a thread loads it. */

import type { RoutingPolicy } from "../../plan/decision.js";
import { PolicyError } from "../../plan/policy-error.js";
import { importPolicy } from "./policy-host.js";

/**
 * What decides where routing is custom: a function, which cannot leave its thread; a module, which
 * every thread imports; or a core of its own.
 */
export type CorePolicy = { readonly name: string } & (
  | { readonly kind: "function"; readonly choose: RoutingPolicy }
  | { readonly kind: "module"; readonly url: string }
  | { readonly kind: "compiled"; readonly single: Uint8Array<ArrayBuffer>; readonly shared: Uint8Array<ArrayBuffer> }
);

/**
 * The policy as a function of this thread, and once more; undefined where it is in the core.
 * @throws PolicyError where its module cannot be loaded
 */
export async function loadPolicy(policy: CorePolicy): Promise<[RoutingPolicy, RoutingPolicy] | undefined> {
  if (policy.kind === "compiled") return undefined;
  if (policy.kind === "function") return [policy.choose, policy.choose];
  try {
    return await importPolicy(policy.url);
  } catch (cause) {
    const said = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    // The URL may hold all of the module.
    const reason = said.replaceAll(policy.url, policy.name);
    throw new PolicyError(`cannot load the routing policy ${policy.name}: ${reason}`, policy.name, undefined, {
      cause,
    });
  }
}
