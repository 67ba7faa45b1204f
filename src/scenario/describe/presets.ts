/** What a preset chooses, in the words of the rows that it chooses. */
import { FAMILIES } from "../../plan/policies/families.js";
import type { Preset } from "../types/preset.js";

export interface ChosenRow {
  /** Path of the field that chooses. */
  readonly path: string;
  readonly name: string;
  readonly sentence: string;
}

/** A line for each policy that the preset's settings name, in the order of the registries. */
export function policiesOf({ settings }: Preset): ChosenRow[] {
  return Object.entries(FAMILIES).flatMap(([path, family]) => {
    const chosen = nameAt(settings, path.split("."));
    const row = chosen === undefined ? undefined : family[chosen];
    return row === undefined ? [] : [{ path, name: chosen!, sentence: row.sentence }];
  });
}

/** The word at a path, or the kind of the map there; undefined where there is neither. */
function nameAt(settings: unknown, path: readonly string[]): string | undefined {
  const [first = "kind", ...rest] = path;
  if (typeof settings === "string") return path.length === 0 ? settings : undefined;
  if (typeof settings !== "object" || settings === null) return undefined;
  const value = (settings as Readonly<Record<string, unknown>>)[first];
  if (path.length === 0) return typeof value === "string" ? value : undefined;
  return nameAt(value, rest);
}
