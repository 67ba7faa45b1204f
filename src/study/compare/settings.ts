import type { ResultDocument } from "../../answer/result/document.js";
import { parseScenario } from "../../scenario/parse/parse.js";
import { ScenarioError } from "../../scenario/types/errors.js";

/**
 * A setting in which scenarios differ, with its value on each side; absent where a side has no such
 * setting.
 */
export interface SettingDifference {
  /** As the resolved scenario names it: `links.fabric.rateBps`. */
  readonly path: string;
  readonly values: readonly unknown[];
}

/** Flow lists and fabrics beyond this are compared as a whole. */
const MAX_ENTRIES = 64;

/**
 * Settings in which the scenarios of the results differ, every default and preset resolved, seeds
 * aside. A result may lack its scenario, or this version may be unable to read it. Then the
 * workload, topology and policies that the results state are compared.
 */
export function settingDifferences(results: readonly ResultDocument[]): readonly SettingDifference[] {
  const resolved = results.map(resolve);
  const known = resolved.every((scenario) => scenario !== null);
  const flat = (known ? resolved : results.map(summary)).map((value) => {
    const settings = new Map<string, unknown>();
    flatten(value, "", settings);
    return settings;
  });
  const paths = new Set(flat.flatMap((settings) => [...settings.keys()]));
  return [...paths]
    .map((path) => ({ path, values: flat.map((settings) => settings.get(path)) }))
    .filter(({ values }) => values.some((value) => value !== values[0]));
}

function resolve({ scenario }: ResultDocument): unknown {
  if (scenario.document === undefined) return null;
  try {
    const { seed: _, ...rest } = parseScenario(scenario.document).scenario;
    return rest;
  } catch (cause) {
    if (cause instanceof ScenarioError) return null;
    throw cause;
  }
}

function summary({ scenario: { name }, topology, workload, policies }: ResultDocument): unknown {
  return { name, topology, workload, policies };
}

function flatten(value: unknown, path: string, settings: Map<string, unknown>): void {
  if (Array.isArray(value)) {
    if (value.length > MAX_ENTRIES) {
      settings.set(path, `${value.length} entries, ${fingerprint(JSON.stringify(value))}`);
      return;
    }
    if (value.length === 0) settings.set(path, "none");
    for (const [i, entry] of value.entries()) flatten(entry, `${path}[${i}]`, settings);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) flatten(inner, path === "" ? key : `${path}.${key}`, settings);
  } else {
    settings.set(path, value);
  }
}

/** FNV-1a, for telling two long lists apart. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
