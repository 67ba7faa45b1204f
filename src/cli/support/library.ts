/**
 * What the commands need of the library. Loaded on demand: `heddle schema` does without the
 * simulator.
 */

import type { AvailabilityReport } from "../../answer/availability/report.js";
import type { NetworkCost } from "../../answer/cost/bill.js";
import type { ResultDocument } from "../../answer/result/document.js";
import { type ListedLink, listLinks } from "../../answer/result/list-links.js";
import type { TopologyReport } from "../../answer/result/topology-report.js";
import type { Snapshot } from "../../api/options.js";
import { type PolicySource, resolvePolicy } from "../../engine/policy/source.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { phaseReporter } from "../../util/progress.js";
import { runSession } from "./session.js";
import type { SimulateOptions } from "./simulate-options.js";

export interface Library {
  simulate(scenario: Scenario, options?: SimulateOptions): Promise<ResultDocument>;
  resume(snapshot: Snapshot, options?: SimulateOptions): Promise<ResultDocument>;
  checkScenario(scenario: Scenario): void;
  /** Looks at a custom routing policy as far as that goes without running it. */
  checkPolicy(policy: PolicySource): Promise<void>;
  describeTopology(scenario: Scenario): TopologyReport;
  listLinks(scenario: Scenario): Iterable<ListedLink>;
  formatResult(document: ResultDocument, options: { color: boolean }): string;
  formatTopology(report: TopologyReport, options: { color: boolean }): string;
  describeAvailability(scenario: Scenario): AvailabilityReport;
  formatAvailability(report: AvailabilityReport): string;
  formatVariation(path: string, rows: readonly { value: string; report: AvailabilityReport }[]): string;
  describeCost(scenario: Scenario): NetworkCost;
  formatCost(cost: NetworkCost, of: { name: string }): string;
}

export async function loadLibrary(): Promise<Library> {
  const [library, { resolvePlan }] = await Promise.all([import("../../index.js"), import("../../resolve/resolve.js")]);
  const { Simulation } = library;
  return {
    ...library,
    simulate: async (scenario, options = {}) => {
      // A run that is kept must be all there.
      const replicate = options.keep === undefined;
      return runSession(await Simulation.start(scenario, { ...withPhases(options), replicate }), options);
    },
    resume: async (snapshot, options = {}) =>
      runSession(await Simulation.resume(snapshot, withPhases(options)), options),
    checkPolicy: async (policy) => {
      await resolvePolicy(policy);
    },
    listLinks: (scenario) => listLinks(resolvePlan(scenario).plan),
  };
}

function withPhases({ onProgress, ...options }: SimulateOptions) {
  return { ...options, ...(onProgress && { onPhase: phaseReporter(onProgress) }) };
}
