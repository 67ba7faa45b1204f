import { z } from "zod";
import { object, text, whole } from "./fields.js";

const EXAMPLE = [{ name: "collective", priority: 1 }, { name: "storage" }];

const dataClass = object(
  {
    name: text(32, "What workloads call it."),
    priority: whole(0, 7, "A port sends what is of a higher one first.").prefault(0),
    weight: whole(1, 100, "Share of a link, by bytes, among the classes of its priority.").prefault(1),
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
