/** Which routing policy decides in a run, and which core it runs in. */
import type { CorePolicy } from "../engine/core/core-policy.js";
import { coreDigest } from "../engine/core/instance.js";
import { digestOf, resolvePolicy } from "../engine/policy/source.js";
import { PolicyError } from "../plan/policy-error.js";
import { withPolicyDigest } from "../scenario/parse/parse.js";
import type { Scenario } from "../scenario/types/scenario.js";
import type { SimulationOptions } from "./options.js";

/**
 * What decides in this run, and the scenario with its content in its digest.
 * @throws PolicyError where that and the scenario's routing do not go together.
 */
export async function decideRouting(scenario: Scenario, { policy: source, threads = 1 }: SimulationOptions) {
  const { custom, policy: name } = scenario.routing;
  if (source === undefined) {
    if (custom === undefined) return { scenario };
    const module = custom.module ?? "custom";
    throw new PolicyError("custom routing needs its policy: pass one, simulate(scenario, { policy })", module);
  }
  const { policy, digest } = await resolvePolicy(source);
  if (custom === undefined) {
    throw new PolicyError(
      `there is a policy, ${policy.name}, but the routing is ${name}; set routing.policy=custom`,
      name,
    );
  }
  if (policy.kind === "function" && threads > 1) {
    throw new PolicyError(
      `the policy ${policy.name} is a function, which cannot be given to other threads; pass a module, { url }, or leave threads out`,
      policy.name,
    );
  }
  return { scenario: withPolicyDigest(scenario, digest), policy };
}

/** Of the core that such a policy runs in. */
export function digestOfCoreOf(policy: CorePolicy | undefined): Promise<string> {
  return policy?.kind === "compiled" ? Promise.resolve(digestOf(policy.shared)) : coreDigest();
}
