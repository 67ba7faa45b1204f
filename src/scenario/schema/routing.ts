/** The `routing` section: made from the rows of the routing policies. */
import { policiesWith, ROUTING, ROUTING_PARAMETERS, ROUTING_POLICIES } from "../../plan/policies/routing.js";
import { choice, object } from "./fields.js";
import { fieldsOf } from "./parameters.js";

const POLICIES = ROUTING_POLICIES.map((name) => `${name}: ${ROUTING[name].sentence}`).join(" ");

export const routing = object(
  {
    policy: choice(
      ROUTING_POLICIES,
      ["minimal", "valiant", "ugal"],
      `How a switch chooses among equal-cost next hops. ${POLICIES}`,
    ).prefault("ecmp"),
    ...fieldsOf(ROUTING_PARAMETERS, (field) => {
      const names = policiesWith(({ parameters }) => parameters.includes(field));
      return `${names.join(", ")}: `;
    }),
  },
  "Routing.",
).prefault({});
