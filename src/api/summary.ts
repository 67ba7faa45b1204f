/** What is known of a simulation, as a result document. */
import { buildResult, withSpeeds } from "../answer/result/build.js";
import type { ResultDocument } from "../answer/result/document.js";
import type { PolicyCost } from "../answer/result/document-engine.js";
import { simulatedPs } from "../answer/result/span.js";
import type { Engine } from "../engine/run/engine.js";
import { FoldedRun } from "../engine/run/folded-run.js";
import type { ResolvedRun } from "../resolve/resolve.js";
import { scenarioDigest } from "../scenario/parse/digest.js";
import { documentOf } from "../scenario/parse/parse.js";
import type { Scenario } from "../scenario/types/scenario.js";
import { VERSION } from "../util/version.js";
import type { RunLoop, Spent } from "./run-loop.js";

export interface SummaryInput {
  readonly scenario: Scenario;
  readonly resolved: ResolvedRun;
  readonly loop: RunLoop;
  /** Of the custom policy that decides, where one does. */
  readonly policyName: string | undefined;
  readonly withFlows: boolean | undefined;
}

export function summarise({ scenario, resolved, loop, policyName, withFlows }: SummaryInput): ResultDocument {
  const { engine, spent, unlike, whole } = loop;
  const outcome = engine.outcome();
  const figures = engine.figures();
  const { nowPs } = engine.progress();
  const skipped = engine.skipped();
  return buildResult({
    heddleVersion: VERSION,
    scenario,
    scenarioDigest: scenarioDigest(scenario),
    scenarioDocument: documentOf(scenario),
    plan: resolved.plan,
    outcome,
    counts: resolved.counts,
    logicalFlows: resolved.logical.ofFlow,
    ...(withFlows === undefined ? {} : { withFlows }),
    ...(policyName === undefined ? {} : { policyName }),
    ...(outcome.status === "finished" ? {} : { stuckPorts: engine.holdingPorts() }),
    engine: withSpeeds({
      ...spent,
      packetHops: outcome.totals.hops,
      windows: figures.windows,
      threads: figures.threads,
      peakMemoryBytes: figures.memoryBytes + figures.keptBytes,
      simulatedNs: simulatedPs(resolved.plan, outcome, nowPs) / 1000,
      ...costOf(engine, spent),
      fastForward: {
        cycles: skipped.cycles,
        skippedNs: skipped.skippedPs / 1000,
        skippedPacketHops: skipped.skippedHops,
        replicas: engine instanceof FoldedRun ? engine.replicas : 0,
        ...offOf(skipped.off, unlike, resolved.plan.programs && whole),
      },
      digest: engine.digest(outcome),
    }),
  });
}

function costOf(engine: Engine, { wallMs }: Spent): { policy?: PolicyCost } {
  const cost = engine.policyCost();
  if (cost === undefined) return {};
  const spentNs = wallMs * 1e6 * engine.threads;
  return { policy: { ...cost, shareOfRun: spentNs > 0 ? Math.min(1, (cost.calls * cost.nsPerCall) / spentNs) : 0 } };
}

/**
 * Why nothing repeats in time, and why copies were simulated: what seemed alike was not, or, of a
 * run with programs, why nothing was found to be.
 */
function offOf(cycles: string | undefined, unlike: string | undefined, whole: string | undefined): { off?: string } {
  const reasons = [
    cycles,
    unlike && `what seemed alike was not: ${unlike}`,
    whole && `no part stands for others: ${whole}`,
  ].filter((reason) => reason !== undefined);
  return reasons.length === 0 ? {} : { off: reasons.join("; ") };
}
