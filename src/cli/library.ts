/** What the commands need of the library. Loaded on demand: `heddle schema` does without the simulator. */
import type { MemoryEstimate } from "../core/estimate/index.js";
import { type PolicySource, resolvePolicy } from "../policy/source.js";
import { type Progress, phaseReporter } from "../progress.js";
import type { ResultDocument } from "../result/document.js";
import { type ListedLink, listLinks } from "../result/list-links.js";
import type { TopologyReport } from "../result/topology-report.js";
import type { Scenario } from "../scenario/scenario.js";
import type { Snapshot } from "../simulation.js";
import { runSession } from "./session.js";

/** Snapshots now and then, and when the run is interrupted. */
export interface Keep {
  readonly everyMs: number;
  write(snapshot: Snapshot): Promise<void>;
}

export interface SimulateOptions {
  readonly memoryLimitBytes?: number;
  readonly onEstimate?: (memory: MemoryEstimate) => void;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
  /** Told when the signal has been heard, and the run is about to be summed up. */
  readonly onBreak?: () => void;
  /** Exactly so many threads. */
  readonly threads?: number;
  /** Up to so many, as it pays. */
  readonly upToThreads?: number;
  /** False: simulates what repeats, too. */
  readonly fastForward?: boolean;
  readonly keep?: Keep;
  /** What decides where routing is custom. */
  readonly policy?: PolicySource;
}

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
}

export async function loadLibrary(): Promise<Library> {
  const [library, { resolvePlan }] = await Promise.all([import("../index.js"), import("../plan/resolve.js")]);
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
