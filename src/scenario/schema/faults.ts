/** Faults: made from the rows of the mechanisms that they ask for. */
import { z } from "zod";
import { MECHANISM_PARAMETERS } from "../../plan/policies/mechanism-parameters.js";
import { kinds, object } from "./fields.js";
import { fieldsOf } from "./parameters.js";

const degradedLink = object(
  { kind: z.literal("degraded-link"), ...fieldsOf(MECHANISM_PARAMETERS["frame-loss"]) },
  "A link that loses packets, or has become slower. Several for one link add up where they state different things.",
);

const linkDown = object(
  { kind: z.literal("link-down"), ...fieldsOf(MECHANISM_PARAMETERS["link-down"]) },
  "A link that goes down.",
);

const nicStall = object(
  { kind: z.literal("nic-stall"), ...fieldsOf(MECHANISM_PARAMETERS["nic-stall"]) },
  "A NIC that stalls: a storm of pauses begins there.",
);

export const faults = z
  .array(
    kinds(
      ["degraded-link", "link-down", "nic-stall"],
      ["link-flap", "switch-down", "slow-gpu"],
      [degradedLink, linkDown, nicStall],
      "A fault.",
    ),
    {
      error: "not a list of faults; write e.g. [{ kind: degraded-link, from: leaf-0, to: spine-1, ber: 3e-4 }]",
    },
  )
  .meta({ description: "What is broken." })
  .prefault([]);
