/** What a fork may change: the routing, and only to what its core can do. */
import type { CorePolicy } from "../engine/core/core-policy.js";
import { ROUTING } from "../plan/policies/routing.js";
import { PolicyError } from "../plan/policy-error.js";
import { canonicalJson } from "../scenario/parse/digest.js";
import { ScenarioError } from "../scenario/types/errors.js";
import type { Scenario } from "../scenario/types/scenario.js";
import { decideRouting, digestOfCoreOf } from "./decide-routing.js";
import type { SimulationOptions } from "./options.js";

/** The simulation that a fork goes on from. */
export interface ForkOrigin {
  readonly scenario: Scenario;
  readonly policy: CorePolicy | undefined;
  readonly digestOfCore: string;
}

/**
 * The scenario of a fork, and the policy whose core it goes on in.
 * @throws ScenarioError where more changes than the routing, PolicyError where its custom policy
 *   cannot be had.
 */
export async function decideFork(origin: ForkOrigin, parsed: Scenario, options: SimulationOptions) {
  // A policy that is not needed any more may be among the options.
  const { policy: source, ...others } = options;
  const isCustom = parsed.routing.custom !== undefined;
  const { scenario, policy } = await decideRouting(parsed, isCustom && source ? options : others);
  const before = origin.policy?.kind === "compiled" ? origin.policy : undefined;
  if (policy?.kind === "compiled" || (before !== undefined && policy !== undefined)) {
    if ((await digestOfCoreOf(policy)) !== origin.digestOfCore) {
      throw new PolicyError(
        `a fork goes on in its core, and ${policy.name} is of another: begin a simulation with it`,
        policy.name,
      );
    }
  }
  checkRoutingOnly(origin.scenario, scenario);
  return { scenario, policy: policy ?? before };
}

function checkRoutingOnly(before: Scenario, after: Scenario): void {
  const rest = ({ routing: _, ...kept }: Scenario) => canonicalJson(kept);
  if (rest(after) !== rest(before)) {
    throw new ScenarioError([
      { message: "a fork can change the routing only, and nothing that depends on it", path: "" },
    ]);
  }
  const isFixed = [after, before].some(({ routing }) => ROUTING[routing.policy].fork !== true);
  if (isFixed && canonicalJson(after.routing) !== canonicalJson(before.routing)) {
    throw new ScenarioError([
      {
        message:
          "a fork cannot change to or from a routing that senders take part in, or by which switches tell each other of queues",
        path: "routing.policy",
      },
    ]);
  }
}
