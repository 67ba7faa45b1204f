/** The parts of a system that could be faster: rates, latencies and lengths that a scenario has. */

import { IssueList } from "../../scenario/document/issues.js";
import { type MapNode, toPlain } from "../../scenario/document/node.js";
import { readValue } from "../../scenario/document/read-value.js";
import { documentOf, parseScenario } from "../../scenario/parse/parse.js";
import { applyPresets } from "../../scenario/presets/presets.js";
import { ScenarioError } from "../../scenario/types/errors.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { formatQuantity } from "../../scenario/types/units.js";
import { Derivation, type Parameter } from "../tornado/derived.js";
import { reasonToLeaveAlone } from "../tornado/left-alone.js";
import { move } from "../tornado/move.js";
import { numericFields } from "../tornado/numbers.js";
import { missingLevelReason, unusedReason } from "../tornado/unused.js";

/** A part that can be made faster by a share. */
export interface Part {
  /** The setting that states it. */
  readonly name: string;
  /** As a scenario writes it. */
  readonly value: string;
  /** Its value where it is faster by a share; null where none can be written. */
  faster(share: number): string | null;
  /** Settings of the scenario in which it has such a value, each `path=value`. */
  settings(value: string): readonly string[];
}

const PARTS: readonly RegExp[] = [
  /^links\.\w+\.(rate|latency|length|fecLatency|innerCodeLatency)$/,
  /^topology\.links\[\d+\]\.(rate|length|latency)$/,
  /^switch\.(latency|scaleUpLatency)$/,
  /^nic\.(latency|scaleUpLatency|messageOverhead)$/,
  /^reduction\.(latency|scaleUpLatency)$/,
  /^workload\.reductionDelay$/,
];

/** A part that the sweep leaves out, and why. */
export interface LeftOutPart {
  readonly name: string;
  readonly value: string;
  readonly reason: string;
}

/**
 * Parts of a scenario that can be faster, in the order of the schema, and those that cannot be.
 * Parts that take no time are in neither list.
 * @param share the smallest one by which parts are made faster
 */
export function partsOf(base: Scenario, share: number) {
  const root = readValue(documentOf(base), { from: "value" }) as MapNode;
  const fields = numericFields(toPlain(applyPresets(root, new IssueList(undefined))));
  const derivation = new Derivation(base);
  const parts: Part[] = [];
  const leftOut: LeftOutPart[] = [];
  for (const field of fields) {
    if (!PARTS.some((pattern) => pattern.test(field.name))) continue;
    if (reasonToLeaveAlone(field.name, fields) !== undefined) continue;
    if (missingLevelReason(field.name, base.topology) !== undefined) continue;
    const parameter = derivation.parameterOf(field);
    if (parameter === undefined || parameter.value === 0) continue;
    const part = partOf(parameter);
    const reason = reasonToLeaveOut(base, part, share);
    if (reason === undefined) parts.push(part);
    else leftOut.push({ name: part.name, value: part.value, reason });
  }
  return { parts, leftOut };
}

function partOf({ name, kind, value, axes }: Parameter): Part {
  const write = (moved: number) => formatQuantity(kind as "rate", moved);
  return {
    name,
    value: write(value),
    faster: (share) => {
      const moved = move(kind, value, kind === "rate" ? 1 + share : 1 / (1 + share));
      return moved === null ? null : `${moved.written}`;
    },
    settings: (written) => Object.entries(axes(written)).map((setting) => setting.join("=")),
  };
}

/** Scenarios say themselves where a setting does nothing, and which values are out of range. */
function reasonToLeaveOut(base: Scenario, part: Part, share: number): string | undefined {
  const value = part.faster(share);
  if (value === null) return "no faster value can be written";
  try {
    const { warnings } = parseScenario(documentOf(base), { set: [...part.settings(value)] });
    return unusedReason(warnings, part.name);
  } catch (cause) {
    if (cause instanceof ScenarioError) return `${value} is refused: ${cause.issues[0]!.message}`;
    throw cause;
  }
}
