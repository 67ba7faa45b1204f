import type { Sections } from "../schema/sections.js";
import type { DataClassParams } from "../types/scenario.js";

type Written = NonNullable<Sections["classes"]>;

/** A single class is what there is without any. */
export function hasSeveral(classes: Sections["classes"]): classes is Written {
  return classes !== undefined && classes.length > 1;
}

/** In order of falling priority, those of one priority as they are listed. */
export function resolveClasses(classes: Written): DataClassParams[] {
  return [...classes].sort((a, b) => b.priority - a.priority);
}

/** Index of a named class in that order; without a name, of the first one listed. */
export function classIndex(classes: Written, name: string = classes[0]!.name): number {
  return resolveClasses(classes).findIndex((candidate) => candidate.name === name);
}
