/** Workloads in files: that they were read, and that the fabric has their ranks. */
import { rankCount } from "../defaults/ranks.js";
import { type Rule, ruleOfKind } from "./rule.js";

export const traceRules: Rule[] = [
  ruleOfKind("trace", [], (workload, _, context) => {
    const read = context.traceFiles(workload);
    if (read === undefined) {
      const who = "heddle run, validate and topo read them, and programs that pass traceFiles to the parser";
      context.fail([["workload", "files"]], `the files of the trace have not been read: ${who}`);
      return;
    }
    for (const note of read.notes) context.warn([["workload", "files"]], note);
  }),
  ruleOfKind("trace", ["topology", "jobs"], (workload, { topology, jobs }, context) => {
    const read = context.traceFiles(workload);
    const ranks = rankCount(topology);
    if (read === undefined || read.ranks <= ranks) return;
    if (jobs !== undefined) {
      const what = `the trace has ${read.ranks} ranks, and the job ${ranks}`;
      context.fail([["workload", "files"]], `${what}; write ranks: ${read.ranks}, or list as many in placement`);
      return;
    }
    const what = `the trace has ${read.ranks} ranks, and the fabric ${ranks}`;
    context.fail(
      [
        ["topology", "gpus"],
        ["workload", "files"],
      ],
      `${what}; write at least ${read.ranks} GPUs`,
    );
  }),
];
