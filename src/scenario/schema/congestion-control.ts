/** Congestion control: made from its rows. */
import { z } from "zod";
import { CONGESTION_CONTROL, CONTROL_PARAMETERS, type ControlName } from "../../plan/policies/congestion-control.js";
import { kinds, object } from "./fields.js";
import { fieldsOf } from "./parameters.js";

function control<const C extends ControlName>(kind: C) {
  const fields = fieldsOf(CONTROL_PARAMETERS[kind]);
  return object({ kind: z.literal(kind), ...fields }, CONGESTION_CONTROL[kind].sentence);
}

export const congestionControl = kinds(
  Object.keys(CONGESTION_CONTROL),
  ["timely"],
  [control("none"), control("dcqcn"), control("swift"), control("nscc"), control("hpcc"), control("rccc")],
  "Congestion control.",
);
