import type { Fabric } from "../../plan/fabric.js";
import { classOfFlow, jobOfFlow, MAIN_JOB } from "../../plan/flows.js";
import type { Outcome } from "../../plan/outcome.js";
import type { RunPlan } from "../../plan/plan.js";
import { percentile } from "../../util/stats/percentile.js";
import { usualName } from "../text/names.js";
import type { FlowResult, StepSummary } from "./document.js";

/**
 * Flows as the workload lists them. `logicalOf` gives, by flow of the plan, the flow of the
 * workload that it is a part of: several QPs may share one. The parts' bytes add up; the flow
 * starts with the first and ends with the last.
 */
export function flowResults(
  { flows, fabric }: RunPlan,
  outcome: Outcome,
  logicalOf: ArrayLike<number> | undefined,
  classNames?: readonly string[],
): readonly FlowResult[] {
  const parts: number[][] = [];
  for (let flow = 0; flow < flows.count; flow++) {
    const logical = logicalOf?.[flow] ?? flow;
    parts[logical] ??= [];
    parts[logical].push(flow);
  }
  const ns = (ps: number) => (Number.isNaN(ps) ? null : ps / 1000);
  return parts
    .filter((part) => part !== undefined)
    .map((part) => {
      const startPs = Math.min(...part.map((flow) => flows.startPs[flow]!));
      const finishPs = Math.max(...part.map((flow) => outcome.finishPs[flow]!));
      const ackedPs = Math.max(...part.map((flow) => outcome.ackedPs[flow]!));
      const src = fabric.nics.rank[flows.srcNic[part[0]!]!]!;
      const dst = fabric.nics.rank[flows.dstNic[part[0]!]!]!;
      return {
        src,
        dst,
        ...namesOf(fabric, src, dst),
        bytes: part.reduce((sum, flow) => sum + flows.chunkBytes[flow]! * flows.chunks[flow]!, 0),
        startNs: startPs / 1000,
        finishNs: ns(finishPs),
        fctNs: ns(finishPs - startPs),
        ackedNs: ns(ackedPs - startPs),
        ...(classNames && { class: classNames[classOfFlow(flows, part[0]!)]! }),
        ...(jobOfFlow(flows, part[0]!) === MAIN_JOB ? {} : { background: true }),
      };
    });
}

function namesOf({ rankName }: Fabric, src: number, dst: number): Pick<FlowResult, "srcName" | "dstName"> {
  const [srcName, dstName] = [rankName(src), rankName(dst)];
  if (srcName === usualName(src) && dstName === usualName(dst)) return {};
  return { srcName, dstName };
}

/**
 * Mean time per chunk of each finished flow, and its nearest-rank percentiles over flows; null
 * where none has finished.
 */
export function stepSummary({ flows }: RunPlan, outcome: Outcome): StepSummary | null {
  const stepsNs = outcome.finishPs
    .map((finishPs, flow) => (finishPs - flows.startPs[flow]!) / flows.chunks[flow]! / 1000)
    .filter((ns) => !Number.isNaN(ns))
    .sort();
  if (stepsNs.length === 0) return null;
  return { p50Ns: percentile(stepsNs, 50), p99Ns: percentile(stepsNs, 99), maxNs: stepsNs.at(-1)! };
}
