import { z } from "zod";
import { MECHANISM_PARAMETERS } from "../../plan/policies/mechanism-parameters.js";
import { object } from "./fields.js";
import { classEcn, threshold } from "./flow-control.js";
import { fieldsOf } from "./parameters.js";

const EXAMPLE = [{ name: "collective", priority: 1 }, { name: "storage" }];

const dataClass = object(
  {
    ...fieldsOf(MECHANISM_PARAMETERS["data-classes"]),
    ...fieldsOf(MECHANISM_PARAMETERS["class-rules"]),
    threshold: threshold.optional().meta({ description: "When to pause it, in place of flowControl.threshold." }),
    ecn: classEcn.optional(),
  },
  "A data class.",
);

const wrong = "not a list of one to eight classes; write e.g. [{ name: collective, priority: 1 }, { name: storage }]";

export const classes = z
  .array(dataClass, { error: wrong })
  .min(1, { error: wrong })
  .max(8, { error: wrong })
  .meta({
    description:
      "Data classes, each of which has queues, pauses, buffer and credit of its own at every port: priorities of PFC, virtual lanes of InfiniBand. Traffic that names no class is of the first one listed. Left out: all data is of one class.",
    examples: [EXAMPLE],
  })
  .optional();
