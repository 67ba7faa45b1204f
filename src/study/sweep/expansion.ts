/** The points that a sweep comes to. */

import type { DocNode } from "../../scenario/document/node.js";
import { scenarioDigest } from "../../scenario/parse/digest.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import type { ScenarioIssue } from "../../util/issue.js";
import type { PolicyFile } from "../policies/read-file.js";
import { type AxisValues, type Build, pointId } from "./point.js";
import type { ReadContext, ReadPoint } from "./point-reader.js";
import type { TornadoPlan } from "./tornado-plan.js";

/** What is varied in a scenario, whoever says so. */
export interface SweepSource {
  readonly name: string;
  /** Not validated yet: it may lack what axes bring. */
  readonly base: DocNode;
  /** Name of scenarios that have none. */
  readonly baseName: string;
  /** What becomes of points that cannot be built. */
  readonly invalid: "fail" | "skip";
  /** @throws ScenarioError */
  expand(context: ReadContext): Promise<Expansion>;
}

export interface ExpandedPoint {
  /** Points of one sweep that come to the same scenario have one id. */
  readonly id: string;
  readonly axes: AxisValues;
  readonly seed: number;
  readonly scenarioDigest: string;
  /** Made anew each time. */
  readonly scenario: () => Scenario;
  /** Where its routing is custom. */
  readonly policy?: PolicyFile;
}

/** A combination that is no valid scenario. */
export interface InvalidPoint {
  readonly axes: AxisValues;
  readonly message: string;
}

export interface Expansion {
  readonly points: readonly ExpandedPoint[];
  /** Empty unless the sweep says that they are to be skipped. */
  readonly invalid: readonly InvalidPoint[];
  readonly warnings: readonly ScenarioIssue[];
  /** Where the points are those of a tornado. */
  readonly tornado?: TornadoPlan;
}

export function expandedPoint({ scenario, policy, again }: ReadPoint, axes: AxisValues, build: Build): ExpandedPoint {
  const { seed } = scenario;
  const id = pointId(scenario, build);
  return { id, axes, seed, scenarioDigest: scenarioDigest(scenario), scenario: again, ...(policy && { policy }) };
}
