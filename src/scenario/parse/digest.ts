/** A name for what a scenario says, however it was written. */

import { sha256Hex } from "../../util/sha256.js";
import { hasFlowFile } from "../types/flow-table.js";
import type { Scenario, Workload } from "../types/scenario.js";

/**
 * The first 16 hex digits of the SHA-256 of the scenario as JSON with sorted keys. Defaults written
 * out or left out, units, presets and the order of keys make no difference. Of a custom routing
 * policy its content counts, not the name of its file.
 */
export function scenarioDigest(scenario: Scenario): string {
  return sha256Hex(new TextEncoder().encode(canonicalJson(withoutListed(withoutModule(scenario))))).slice(0, 16);
}

/** The scenario whatever file its custom routing policy came from. */
export function withoutModule(scenario: Scenario): Scenario {
  const { routing } = scenario;
  if (routing.custom === undefined) return scenario;
  return { ...scenario, routing: { ...routing, custom: { ...routing.custom, module: null } } };
}

/** The scenario without flows that came from a file, whose digest stands for them. */
function withoutListed(scenario: Scenario): object {
  return hasFlowFile(scenario.workload) ? { ...scenario, workload: unlisted(scenario.workload) } : scenario;
}

function unlisted(workload: Workload): object {
  if (workload.kind === "jobs") {
    return { ...workload, jobs: workload.jobs.map((job) => ({ ...job, workload: unlisted(job.workload) })) };
  }
  if (!hasFlowFile(workload)) return workload;
  if (workload.kind === "trace") return { kind: "trace", digest: workload.digest };
  return { ...workload, ...(workload.kind === "flows" ? { flows: [] } : { background: [] }) };
}

/** JSON with sorted keys; an infinite number, which JSON does not know, as text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(",")}}`;
  }
  return typeof value === "number" && !Number.isFinite(value) ? `"${value}"` : JSON.stringify(value);
}
