/** What a scenario, or one of its jobs, may have as its workload. */
import { kinds } from "./fields.js";
import { program } from "./program.js";
import { trace } from "./trace.js";
import { trainingStep } from "./training.js";
import { collective, flows } from "./workload.js";

export const anyWorkload = kinds(
  ["collective", "flows", "program", "training-step", "trace"],
  [],
  [collective, flows, program, trainingStep, trace],
  "What is to be done.",
).meta({
  examples: [
    { kind: "collective", collective: "all-reduce", algorithm: "ring", size: "256MiB" },
    { kind: "flows", pattern: "permutation", size: "1MiB" },
  ],
});
