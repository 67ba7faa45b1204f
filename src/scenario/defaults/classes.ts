import type { Sections } from "../schema/sections.js";
import type { ClassRuleParams, DataClassParams, EcnParams, FlowControlParams } from "../types/scenario.js";
import { pauseThreshold } from "./pause-threshold.js";

type Written = NonNullable<Sections["classes"]>;

/** What a class may have in place of what all have. */
export const PAUSE_RULES = ["threshold", "reserve", "headroom", "resumeOffset"] as const;
export const DROP_RULES = ["dropAlpha", "queueTime", "queueSize"] as const;

/** A single class is what there is without any. */
export function hasSeveral(classes: Sections["classes"]): classes is Written {
  return classes !== undefined && classes.length > 1;
}

/** In order of falling priority, those of one priority as they are listed. */
export function inOrder(classes: Written): Written {
  return [...classes].sort((a, b) => b.priority - a.priority);
}

/** Whether a class has rules of its own. */
export function hasRules(written: Written[number]): boolean {
  const fields = [...PAUSE_RULES, ...DROP_RULES, "ecn"] as const;
  return !written.lossless || fields.some((field) => written[field] !== undefined);
}

/** @param ecn what holds for classes that say nothing of it */
export function resolveClasses(
  classes: Written,
  flowControl: FlowControlParams,
  ecn: EcnParams | null,
): DataClassParams[] {
  const areRuled = classes.some(hasRules);
  return inOrder(classes).map((written) => {
    const { name, priority, weight } = written;
    return { name, priority, weight, ...(areRuled && { rules: rulesOf(written, flowControl, ecn) }) };
  });
}

function rulesOf(written: Written[number], common: FlowControlParams, ecn: EcnParams | null): ClassRuleParams {
  const { lossless, reserve, headroom, resumeOffset, threshold, dropAlpha, queueTime, queueSize } = written;
  const limit = (own: number | undefined, all: number | null) =>
    own === Number.POSITIVE_INFINITY ? null : (own ?? all);
  const flowControl: FlowControlParams = {
    ...common,
    reserveBytes: reserve ?? common.reserveBytes,
    headroom: headroom ?? common.headroom,
    resumeOffsetBytes: resumeOffset ?? common.resumeOffsetBytes,
    threshold: threshold === undefined ? common.threshold : pauseThreshold(threshold),
    dropAlpha: dropAlpha ?? common.dropAlpha,
    queueTimePs: limit(queueTime, common.queueTimePs),
    queueSizeBytes: limit(queueSize, common.queueSizeBytes),
  };
  return { isLossy: !lossless, flowControl, ecn: ecnOf(written.ecn, ecn) };
}

function ecnOf(written: Written[number]["ecn"], common: EcnParams | null): EcnParams | null {
  if (written === undefined) return common;
  if (written === "off") return null;
  const { kmin: kminBytes, kmax: kmaxBytes, pmax, rate: rateBps = null } = written;
  return { at: common?.at ?? "enqueue", kminBytes, kmaxBytes, pmax, rateBps };
}

/** Index of a named class in that order; without a name, of the first one listed. */
export function classIndex(classes: Written, name: string = classes[0]!.name): number {
  return inOrder(classes).findIndex((candidate) => candidate.name === name);
}
