/** What the commands need of the library. Loaded on demand: `heddle schema` does without the simulator. */
import type { ResultDocument } from "../result/document.js";
import type { TopologyReport } from "../result/topology-report.js";
import type { Scenario } from "../scenario/scenario.js";
import { type ListedLink, listLinks } from "./list-links.js";

/** How far a run is. */
export interface RunProgress {
  readonly simulatedNs: number;
  /** 0 to 1. */
  readonly shareDone: number;
  readonly packetHops: number;
  readonly wallMs: number;
}

export interface SimulateOptions {
  readonly onProgress?: (progress: RunProgress) => void;
  readonly signal?: AbortSignal;
}

export interface Library {
  simulate(scenario: Scenario, options?: SimulateOptions): Promise<ResultDocument>;
  describeTopology(scenario: Scenario): TopologyReport;
  listLinks(scenario: Scenario): Iterable<ListedLink>;
  formatResult(document: ResultDocument, options: { color: boolean }): string;
  formatTopology(report: TopologyReport, options: { color: boolean }): string;
}

export async function loadLibrary(): Promise<Library> {
  const [library, { resolvePlan }] = await Promise.all([import("../index.js"), import("../plan/resolve.js")]);
  return { ...library, listLinks: (scenario) => listLinks(resolvePlan(scenario).plan) };
}
