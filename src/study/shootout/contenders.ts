import type { RoutingPolicyName } from "../../plan/plan.js";
import { mayReorder, ROUTING, ROUTING_POLICIES } from "../../plan/policies/routing.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { didYouMean } from "../../scenario/types/suggest.js";
import { isPolicyPath } from "../policies/path.js";
import { ShootoutError } from "./errors.js";

/** A routing policy that takes part. */
export interface Contender {
  readonly name: string;
  /** Overrides that make a scenario use it. */
  readonly set: readonly string[];
  /** File of a policy of the user's. */
  readonly file?: string;
  /** Spreads the packets of a queue pair, so that they overtake each other. */
  readonly reorders: boolean;
  /** Steered by marks in the answers to its packets. */
  readonly readsMarks: boolean;
}

/** Every policy that scenarios can name, in the order of the documentation. */
export function policyNames(): readonly RoutingPolicyName[] {
  return ROUTING_POLICIES.filter((name) => name !== "custom");
}

/** The built-in policies that a fabric can have. */
export function policiesFor({ kind }: Scenario["topology"]): readonly RoutingPolicyName[] {
  return policyNames().filter((name) => kind === "dragonfly" || !ROUTING[name].detours);
}

/**
 * The contenders of the given names, of which those that are paths are files of policies.
 * @throws ShootoutError
 */
export function contendersOf(names: readonly string[] = policyNames()): readonly Contender[] {
  const contenders = names.map(contenderOf);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new ShootoutError(`policy ${twice} is named twice`);
  if (names.length < 2)
    throw new ShootoutError("a shoot-out takes two policies at least, e.g. --policies ecmp,adaptive");
  return contenders;
}

function contenderOf(name: string): Contender {
  if (isPolicyPath(name)) {
    // What it does is not known: it may spread packets.
    return { name, set: ["routing.policy=custom"], file: name, reorders: true, readsMarks: false };
  }
  const known = policyNames();
  const policy = known.find((candidate) => candidate === name);
  if (policy === undefined) {
    throw new ShootoutError(
      `there is no routing policy ${JSON.stringify(name)}${didYouMean(name, known)}; there are ${known.join(", ")}`,
    );
  }
  return {
    name,
    set: [`routing.policy=${name}`],
    reorders: mayReorder(policy),
    readsMarks: ROUTING[policy].readsMarks,
  };
}
