/** A sweep to its manifest: every point with what it will take. */
import type { RunEstimate } from "../../api/estimate.js";
import { toPlain } from "../../scenario/document/node.js";
import { canonicalJson } from "../../scenario/parse/digest.js";
import { HeddleError } from "../../util/heddle-error.js";
import type { PolicyFile } from "../policies/read-file.js";
import type { ExpandedPoint, Expansion, InvalidPoint, SweepSource } from "../sweep/expansion.js";
import { MANIFEST_SCHEMA, type Manifest, type PlannedPoint } from "../sweep/manifest.js";
import { type Build, describeAxes } from "../sweep/point.js";
import type { ReadPolicy } from "../sweep/point-reader.js";
import { type EstimatesOptions, estimateAll, isFault } from "./estimates.js";
import type { RunPool } from "./pool.js";

/** A combination that no fabric can be built for. */
export class SweepError extends HeddleError {
  override readonly name = "SweepError";
  readonly code = "HEDDLE_SWEEP";
}

export interface PlanOptions extends EstimatesOptions {
  readonly file: string;
  /** Left out: scenarios with custom routing policies are refused. */
  readonly readPolicy?: ReadPolicy;
  /** Of an earlier plan, by id: they need not be made again. */
  readonly known?: ReadonlyMap<string, RunEstimate>;
}

export interface PlannedSweep {
  readonly manifest: Manifest;
  readonly expansion: Expansion;
  /** Custom routing policies of its points, each once. */
  readonly policies: readonly PolicyFile[];
}

/**
 * Freezes a sweep. Points that differ in their seed alone share an estimate.
 * @throws ScenarioError, SweepError where points are invalid and the sweep does not say to skip
 * those, or what a tornado varies cannot be built; an AbortError when the signal comes
 */
export async function planSweep(
  sweep: SweepSource,
  build: Build,
  pool: RunPool,
  options: PlanOptions,
): Promise<PlannedSweep> {
  const { file, readPolicy, known = new Map<string, RunEstimate>() } = options;
  const expansion = await sweep.expand({ build, file, ...(readPolicy && { readPolicy }) });
  const alike = new Map<string, ExpandedPoint>();
  const keys = expansion.points.map((point) => {
    const key = canonicalJson(point.axes);
    if (!alike.has(key)) alike.set(key, point);
    return key;
  });
  const estimates = new Map<string, RunEstimate>();
  const faults = new Map<string, string>();
  const missing = [...alike].filter(([key, { id }]) => {
    const estimate = known.get(id);
    if (estimate !== undefined) estimates.set(key, estimate);
    return estimate === undefined;
  });
  const made = await estimateAll(
    pool,
    missing.map(([, { scenario }]) => scenario()),
    options,
  );
  made.forEach((result, i) => {
    if (isFault(result)) faults.set(missing[i]![0], result.message);
    else estimates.set(missing[i]![0], result);
  });
  const itself = faults.get(keys[0]!);
  if (expansion.tornado !== undefined && itself !== undefined) throw new SweepError(itself);
  const impossible: InvalidPoint[] = [...faults].map(([key, message]) => ({ axes: alike.get(key)!.axes, message }));
  if (impossible.length > 0 && (sweep.invalid === "fail" || estimates.size === 0)) {
    throw impossibleError(impossible, alike.size);
  }
  const points = expansion.points.flatMap(({ id, axes, seed, scenarioDigest, policy }, i): PlannedPoint[] => {
    const estimate = estimates.get(keys[i]!);
    const named = policy && { policy: { name: policy.name, digest: policy.digest } };
    return estimate === undefined ? [] : [{ id, axes, seed, scenarioDigest, estimate, ...named }];
  });
  const policies = new Map<string, PolicyFile>();
  for (const { policy } of expansion.points) {
    if (policy !== undefined) policies.set(`${policy.digest}/${policy.name}`, policy);
  }
  const manifest: Manifest = {
    schema: MANIFEST_SCHEMA,
    name: sweep.name,
    ...build,
    source: file,
    base: toPlain(sweep.base),
    baseName: sweep.baseName,
    points,
    invalid: [...expansion.invalid, ...impossible],
    ...(expansion.tornado && { tornado: expansion.tornado }),
  };
  return { manifest, expansion, policies: [...policies.values()] };
}

const MAX_LISTED = 20;

/** Each reason once. @param combinations of the sweep, those included that can be built */
function impossibleError(points: readonly InvalidPoint[], combinations: number): SweepError {
  const byReason = new Map<string, InvalidPoint[]>();
  for (const point of points) byReason.set(point.message, [...(byReason.get(point.message) ?? []), point]);
  const lines = [...byReason].slice(0, MAX_LISTED).map(([message, [first, ...others]]) => {
    if (others.length + 1 === combinations) return message;
    const among = others.length === 0 ? "" : `in ${others.length + 1} of ${combinations} combinations, e.g. `;
    return `${among}with ${describeAxes(first!.axes)}: ${message}`;
  });
  const more = byReason.size > MAX_LISTED ? [`and ${byReason.size - MAX_LISTED} more`] : [];
  const hint = "write invalid: skip in the sweep file to leave out what cannot be built";
  return new SweepError([...lines, ...more, ...(points.length < combinations ? [hint] : [])].join("\n"));
}
