/** Several jobs on one fabric. */
import { z } from "zod";
import { anyWorkload } from "./any-workload.js";
import { object, quantity, text, truth, whole } from "./fields.js";
import { group } from "./ranks.js";
import { MAX_GPUS } from "./topology.js";

const PLACEMENTS = ["packed", "strided", "random"] as const;

const placement = z
  .union([z.enum(PLACEMENTS), group], {
    error: `not a placement; write ${PLACEMENTS.join(", ")}, or a list of ranks, e.g. [0, 8, 16]`,
  })
  .meta({
    description:
      "Which ranks of the fabric it gets: the first that are free (packed), spread evenly over those (strided), drawn from those (random), or these, in this order. A job that fills whole nodes gets whole nodes.",
  });

const job = object(
  {
    name: text(64, "Its name, for results. Left out: job-0, job-1, …").optional(),
    ranks: whole(1, MAX_GPUS, "How many ranks it has. Left out: those listed, or all that are left.").optional(),
    placement: placement.prefault("packed"),
    start: quantity("time", { description: "When it starts.", max: "9000s", examples: ["10us"] }).prefault("0ns"),
    background: truth(
      "The run does not wait for it, and it shares its ranks with other jobs. It may have all ranks of the fabric.",
    ).prefault(false),
    workload: anyWorkload,
  },
  "A job. In its workload ranks are numbered from 0, in the order of its placement.",
);

/** Of a flow graph: jobs are numbered in 15 bits. */
const MAX_JOBS = 2 ** 15 - 1;

export const jobs = z
  .array(job, { error: "not a list of jobs; write e.g. [{ name: a, ranks: 8, workload: { … } }]" })
  .min(1, { error: "the list of jobs is empty; write e.g. [{ name: a, ranks: 8, workload: { … } }]" })
  .max(MAX_JOBS, { error: `at most ${MAX_JOBS} jobs` })
  .meta({ description: "Several jobs, instead of `workload`." })
  .optional();
