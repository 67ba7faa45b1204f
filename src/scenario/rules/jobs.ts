/** Several jobs: that they have room, and that the workload of each is right for its ranks. */
import type { Path } from "../../util/document-path.js";
import { showKey } from "../../util/document-path.js";
import { jobName, jobTopology, placeAll } from "../defaults/jobs.js";
import { rankCount } from "../defaults/ranks.js";
import type { SectionName, Sections } from "../schema/sections.js";
import { checkRankList } from "./groups.js";
import type { Rule, RuleContext } from "./rule.js";

type Written = NonNullable<Sections["jobs"]>;

export const jobRules: Rule[] = [
  { needs: ["jobs"], check: checkTogether },
  { needs: ["jobs", "topology", "seed"], check: checkPlaces },
];

/**
 * A rule about the workload, put to the workload of each job where there are several, on the part
 * of the fabric that it has. Other rules are as they were.
 */
export function ofEachJob(rule: Rule): Rule {
  if (!rule.needs.includes("workload")) return rule;
  const needs: SectionName[] = [...rule.needs, "jobs"];
  return {
    needs,
    check(sections, context) {
      if (sections.jobs === undefined) {
        rule.check(sections, context);
        return;
      }
      if (sections.topology === undefined) return;
      const places = placesOf(sections, sections.jobs);
      sections.jobs.forEach((job, i) => {
        const ranks = places?.[i];
        if (ranks === undefined || "free" in ranks) return;
        const topology = jobTopology(sections.topology, ranks);
        rule.check({ ...sections, workload: job.workload, topology }, within(context, ["jobs", i]));
      });
    },
  };
}

/** A context in which paths to the workload lead to that of a job. */
function within(context: RuleContext, job: Path): RuleContext {
  const inJob = (path: Path) => (path[0] === "workload" ? [...job, ...path] : path);
  return {
    fail: (paths, message) => context.fail(paths.map(inJob), message),
    warn: (paths, message) => context.warn(paths.map(inJob), message),
    failIn: (file, line, path, message) => context.failIn(file, line, inJob(path), message),
    flowFiles: context.flowFiles,
    traceFiles: context.traceFiles,
    isWritten: (path) => context.isWritten(inJob(path)),
  };
}

/** Undefined where a listed rank is not there. */
function placesOf(sections: Sections, jobs: Written) {
  const silent: RuleContext = {
    fail: () => {},
    warn: () => {},
    failIn: () => {},
    flowFiles: () => undefined,
    traceFiles: () => undefined,
    isWritten: () => false,
  };
  const areRight = jobs.every(
    ({ placement }) =>
      typeof placement === "string" || checkRankList(placement, sections.topology, () => [], silent) !== null,
  );
  return areRight ? placeAll(sections, jobs) : undefined;
}

function checkTogether({ jobs, workload }: Sections, context: RuleContext): void {
  if (jobs === undefined) return;
  if (workload !== undefined) {
    context.fail([["jobs"], ["workload"]], "jobs and a workload at once; make the workload one of the jobs");
  }
  const names = new Set<string>();
  jobs.forEach((job, i) => {
    const name = jobName(job, i);
    if (names.has(name)) {
      context.fail([["jobs", i, "name"]], `there is a job ${showKey(name)} already; give it another name`);
    }
    names.add(name);
    if (job.workload.kind === "collective" && job.workload.background !== undefined) {
      const advice = "write it as a job of its own, with background: true";
      context.fail([["jobs", i, "workload", "background"]], `background traffic inside of a job; ${advice}`);
    }
  });
  if (jobs.every(({ background }) => background)) {
    context.fail(
      [["jobs"]],
      "all jobs are in the background, and the run would wait for none; write background: false",
    );
  }
}

function checkPlaces(sections: Sections, context: RuleContext): void {
  const { jobs, topology } = sections;
  if (jobs === undefined) return;
  jobs.forEach(({ placement, ranks, background }, i) => {
    const count = rankCount(topology);
    if (ranks !== undefined && ranks > count) {
      context.fail([["jobs", i, "ranks"]], `${ranks} ranks of ${count} on this fabric; write at most ${count}`);
    }
    if (typeof placement === "string") return;
    checkRankList(placement, topology, (place) => ["jobs", i, "placement", place], context);
    if (ranks !== undefined && ranks !== placement.length) {
      context.fail(
        [["jobs", i, "ranks"]],
        `${ranks} ranks, but ${placement.length} are listed in placement; leave ranks out`,
      );
    }
    if (!background) warnOfSharing(jobs, i, context);
  });
  const places = placesOf(sections, jobs);
  places?.forEach((place, i) => {
    if (!("free" in place)) return;
    const wanted = jobs[i]!.ranks;
    const what = wanted === undefined ? "ranks" : `${wanted} ranks`;
    context.fail(
      [
        ["jobs", i, "ranks"],
        ["jobs", i],
      ],
      `no room for ${what}: the other jobs leave ${place.free}; give them fewer, or write placement: [list] or background: true to share ranks`,
    );
  });
}

/** Warns of a listed rank that an earlier job lists too. */
function warnOfSharing(jobs: Written, number: number, context: RuleContext): void {
  const own = new Set(jobs[number]!.placement);
  for (let i = 0; i < number; i++) {
    const { placement, background } = jobs[i]!;
    if (background || typeof placement === "string") continue;
    const shared = placement.find((rank) => own.has(rank));
    if (shared === undefined) continue;
    context.warn(
      [["jobs", number, "placement"]],
      `rank ${shared} is in ${jobName(jobs[i]!, i)} too: both send by its NIC at the same time`,
    );
    return;
  }
}
