/** The registries by the path of the scenario's field that chooses among their rows. */
import { CONGESTION_CONTROL } from "./congestion-control.js";
import { FLOW_CONTROL, THRESHOLD } from "./flow-control.js";
import { MECHANISMS } from "./mechanisms.js";
import { RECOVERY } from "./recovery.js";
import { ROUTING } from "./routing.js";
import type { Described } from "./row.js";

/** In the order of the documentation. What a run may have besides is in `MECHANISMS`. */
export const FAMILIES: Readonly<Record<string, Readonly<Record<string, Described>>>> = {
  "routing.policy": ROUTING,
  "transport.recovery": RECOVERY,
  "transport.rto": { adaptive: MECHANISMS["adaptive-timeout"] },
  "transport.congestionControl": CONGESTION_CONTROL,
  flowControl: FLOW_CONTROL,
  "flowControl.threshold": THRESHOLD,
};
