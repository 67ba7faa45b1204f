/** The `routing` section: made from the rows of the routing policies. */

import type { RoutingPolicyName } from "../../plan/plan.js";
import { policiesWith, ROUTING, ROUTING_PARAMETERS, ROUTING_POLICIES } from "../../plan/policies/routing.js";
import { choice, object, quantity, quantityOr } from "./fields.js";
import { fieldsOf } from "./parameters.js";

const POLICIES = ROUTING_POLICIES.map((name) => `${name}: ${ROUTING[name].sentence}`).join(" ");

export const routing = object(
  {
    policy: choice(
      [...ROUTING_POLICIES, "minimal"],
      ["ugal"],
      `How a switch chooses among equal-cost next hops. ${POLICIES} minimal: ecmp by another name, for its ways are minimal.`,
    )
      .transform((name): RoutingPolicyName => (name === "minimal" ? "ecmp" : name))
      .prefault("ecmp"),
    ...fieldsOf(ROUTING_PARAMETERS, (field) => {
      const names = policiesWith(({ parameters }) => parameters.includes(field));
      return `${names.join(", ")}: `;
    }),
    convergence: object(
      {
        local: quantity("time", {
          description:
            "After this time the switches at the ends of a link take its ports out of use, or back. Left out: at once.",
          max: "9000s",
          examples: ["1ms"],
        }).optional(),
        global: quantityOr(
          "time",
          { never: Number.POSITIVE_INFINITY },
          {
            description: "After this time all switches avoid next hops that do not lead on. Left out: never.",
            max: "9000s",
            examples: ["100ms"],
          },
        ).optional(),
      },
      "How routing follows links that go down and come back; without it, tables stay as they are.",
    ).optional(),
  },
  "Routing.",
).prefault({});
