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

/** Parts of a scenario that have an effect on its run, in the order of the schema. */
export function partsOf(base: Scenario): readonly Part[] {
  const root = readValue(documentOf(base), { from: "value" }) as MapNode;
  const fields = numericFields(toPlain(applyPresets(root, new IssueList(undefined))));
  const derivation = new Derivation(base);
  return fields.flatMap((field) => {
    if (!PARTS.some((pattern) => pattern.test(field.name))) return [];
    if (reasonToLeaveAlone(field.name, fields) !== undefined) return [];
    if (missingLevelReason(field.name, base.topology) !== undefined) return [];
    const parameter = derivation.parameterOf(field);
    if (parameter === undefined || parameter.value === 0) return [];
    const part = partOf(parameter);
    return hasEffect(base, part) ? [part] : [];
  });
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

/** Scenarios say themselves where a setting does nothing. */
function hasEffect(base: Scenario, part: Part): boolean {
  const value = part.faster(1);
  if (value === null) return false;
  try {
    const { warnings } = parseScenario(documentOf(base), { set: [...part.settings(value)] });
    return unusedReason(warnings, part.name) === undefined;
  } catch (cause) {
    if (cause instanceof ScenarioError) return false;
    throw cause;
  }
}
