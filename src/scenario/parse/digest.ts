/** A name for what a scenario says, however it was written. */

import { sha256Hex } from "../../util/sha256.js";
import type { Scenario } from "../types/scenario.js";
import { inDigest } from "../types/workload-kinds.js";

/**
 * The first 16 hex digits of the SHA-256 of the scenario as JSON with sorted keys. Defaults written
 * out or left out, units, presets and the order of keys make no difference. Of a custom routing
 * policy its content counts, not the name of its file.
 */
export function scenarioDigest(scenario: Scenario): string {
  return sha256Hex(new TextEncoder().encode(canonicalJson(withoutFiles(withoutModule(scenario))))).slice(0, 16);
}

/** The scenario whatever file its custom routing policy came from. */
export function withoutModule(scenario: Scenario): Scenario {
  const { routing } = scenario;
  if (routing.custom === undefined) return scenario;
  return { ...scenario, routing: { ...routing, custom: { ...routing.custom, module: null } } };
}

/** The scenario without what came from files, whose digests stand for it. */
function withoutFiles(scenario: Scenario): object {
  return { ...scenario, workload: inDigest(scenario.workload) };
}

/** JSON with sorted keys; an infinite number, which JSON does not know, as text. */
export function canonicalJson(value: unknown): string {
  if (typeof value === "object" && value !== null) {
    return Array.isArray(value) ? canonicalList(value) : canonicalMap(value as Readonly<Record<string, unknown>>);
  }
  return typeof value === "number" && !Number.isFinite(value) ? `"${value}"` : JSON.stringify(value);
}

function canonicalList(items: readonly unknown[]): string {
  let text = "";
  for (let i = 0; i < items.length; i++) text += i === 0 ? canonicalJson(items[i]) : `,${canonicalJson(items[i])}`;
  return `[${text}]`;
}

function canonicalMap(map: Readonly<Record<string, unknown>>): string {
  let text = "";
  for (const key of Object.keys(map).sort()) {
    const entry = `${JSON.stringify(key)}:${canonicalJson(map[key])}`;
    text += text === "" ? entry : `,${entry}`;
  }
  return `{${text}}`;
}
