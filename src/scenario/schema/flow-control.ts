/** Flow control and marking: made from their rows. */
import { z } from "zod";
import {
  FLOW_CONTROL,
  FLOW_CONTROL_PARAMETERS,
  THRESHOLD,
  THRESHOLD_PARAMETERS,
} from "../../plan/policies/flow-control.js";
import { MECHANISM_PARAMETERS } from "../../plan/policies/mechanism-parameters.js";
import { kinds, object, show } from "./fields.js";
import { fieldsOf } from "./parameters.js";

const dynamicThreshold = object(
  { kind: z.literal("dynamic"), ...fieldsOf(THRESHOLD_PARAMETERS.dynamic) },
  THRESHOLD.dynamic.sentence,
);

const staticThreshold = object(
  { kind: z.literal("static"), ...fieldsOf(THRESHOLD_PARAMETERS.static) },
  THRESHOLD.static.sentence,
);

/** When to pause. */
export const threshold = kinds(Object.keys(THRESHOLD), [], [dynamicThreshold, staticThreshold], "When to pause.");

const watchdog = object(fieldsOf(MECHANISM_PARAMETERS.watchdog), "A watchdog for pauses at each switch port.");

const { release, response, reserve, headroom, ...others } = fieldsOf(FLOW_CONTROL_PARAMETERS.pfc);

const pfc = object(
  {
    kind: z.literal("pfc"),
    release,
    response,
    reserve,
    headroom,
    threshold,
    ...others,
    watchdog: z
      .union([z.literal("off").transform(() => null), watchdog], {
        error: (issue) =>
          `${show(issue.input)} is neither off nor a map; write { detect: 200ms, restore: 200ms, action: drop }`,
      })
      .meta({
        description: "What switches do about ports that stay paused: { detect, restore, action }, or off.",
        examples: [{ detect: "200ms", restore: "200ms", action: "drop" }],
      })
      .prefault("off"),
  },
  FLOW_CONTROL.pfc.sentence,
);

const credit = object(
  { kind: z.literal("credit"), ...fieldsOf(FLOW_CONTROL_PARAMETERS.credit) },
  FLOW_CONTROL.credit.sentence,
);

const lossy = object(
  { kind: z.literal("none"), ...fieldsOf(FLOW_CONTROL_PARAMETERS.none) },
  FLOW_CONTROL.none.sentence,
);

export const flowControl = kinds(
  Object.keys(FLOW_CONTROL),
  [],
  [pfc, credit, lossy],
  "What keeps buffers from overflowing.",
);

const { at: _, ...marks } = fieldsOf(MECHANISM_PARAMETERS.marking);

/** Of one data class: where packets are marked is the matter of all. */
export const classEcn = z
  .union([z.literal("off"), object(marks, "Marking by the backlog of the class.")], {
    error: "neither off nor a map; write { kmin: 800KB, kmax: 3200KB, pmax: 0.2 }",
  })
  .meta({ description: "Thresholds of marking of the class, in place of ecn; off: it is never marked." });

const ecnMarking = object(fieldsOf(MECHANISM_PARAMETERS.marking), "Marking by the backlog of the egress.");

export const ecn = z
  .union([z.literal("auto"), z.literal("off"), z.null(), ecnMarking], {
    error: "neither auto, off nor a map; write { kmin: 800KB, kmax: 3200KB, pmax: 0.2 }",
  })
  .meta({
    description:
      "Explicit congestion notification: off, or the thresholds of marking. auto marks where congestion control needs it. For dcqcn: from 400 KB to 1.6 MB at 400 Gb/s, in proportion to the rate, pmax 0.2. For nscc: from 0.2 to 0.8 of what a port sends in a base round trip, pmax 1.",
  })
  .prefault("auto");
