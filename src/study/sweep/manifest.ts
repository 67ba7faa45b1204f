/** A sweep whose points are frozen: what one machine plans and others run. */
import type { RunEstimate } from "../../api/estimate.js";
import { HeddleError } from "../../util/heddle-error.js";
import type { InvalidPoint } from "./expansion.js";
import type { AxisValues, Build, PointPolicy } from "./point.js";
import type { TornadoPlan } from "./tornado-plan.js";

export const MANIFEST_SCHEMA = "heddle.sweep/1";

export interface PlannedPoint {
  readonly id: string;
  readonly axes: AxisValues;
  readonly seed: number;
  readonly scenarioDigest: string;
  readonly estimate: RunEstimate;
  /** Where its routing is custom. */
  readonly policy?: PointPolicy;
}

export interface Manifest extends Build {
  readonly schema: typeof MANIFEST_SCHEMA;
  readonly name: string;
  /** The sweep file. */
  readonly source: string;
  /** The scenario that axes vary, as plain data, and the name of scenarios that have none. */
  readonly base: unknown;
  readonly baseName: string;
  /** In the order of the sweep. */
  readonly points: readonly PlannedPoint[];
  /** Combinations that were left out. */
  readonly invalid: readonly InvalidPoint[];
  /** Where the points are those of a tornado. */
  readonly tornado?: TornadoPlan;
}

/** A manifest that cannot be used: damaged, or another version's. */
export class ManifestError extends HeddleError {
  override readonly name = "ManifestError";
  readonly code = "HEDDLE_MANIFEST";
}

/** One point per line, so that a manifest can be read and compared. */
export function formatManifest({ points, invalid, ...rest }: Manifest): string {
  const lines = (items: readonly unknown[]) => items.map((item) => `\n  ${JSON.stringify(item)}`).join(",");
  const head = Object.entries(rest).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)},\n`);
  return `{\n${head.join("")}"invalid": [${lines(invalid)}],\n"points": [${lines(points)}\n]\n}\n`;
}

/** @throws ManifestError */
export function parseManifest(text: string, file: string): Manifest {
  let value: Partial<Manifest>;
  try {
    value = JSON.parse(text) as Partial<Manifest>;
  } catch {
    throw new ManifestError(`${file} is damaged: it is not JSON; plan the sweep again`);
  }
  if (value?.schema !== MANIFEST_SCHEMA || !Array.isArray(value.points)) {
    throw new ManifestError(`${file} is not a sweep's manifest (${MANIFEST_SCHEMA})`);
  }
  return value as Manifest;
}

/** What became of a sweep since it was planned before. */
export interface PlanChange {
  readonly added: number;
  readonly removed: number;
  readonly kept: number;
}

export function comparePlans(before: Manifest, after: Manifest): PlanChange {
  const [old, now] = [idsOf(before), idsOf(after)];
  const kept = [...now].filter((id) => old.has(id)).length;
  return { added: now.size - kept, removed: old.size - kept, kept };
}

/** Each point once. */
export function idsOf({ points }: Manifest): Set<string> {
  return new Set(points.map(({ id }) => id));
}
