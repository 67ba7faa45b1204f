/**
 * A scenario to the points of a tornado: itself, and each parameter moved down and up, all else as
 * it is.
 */

import { percent } from "../../answer/text/units.js";
import { IssueList } from "../../scenario/document/issues.js";
import { type DocNode, type MapNode, toPlain } from "../../scenario/document/node.js";
import { readValue } from "../../scenario/document/read-value.js";
import { parseOverridePath } from "../../scenario/parse/overrides.js";
import { applyPresets } from "../../scenario/presets/presets.js";
import { ScenarioError } from "../../scenario/types/errors.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { didYouMean } from "../../scenario/types/suggest.js";
import {
  type ExpandedPoint,
  type Expansion,
  expandedPoint,
  type InvalidPoint,
  type SweepSource,
} from "../sweep/expansion.js";
import type { AxisValues, Change } from "../sweep/point.js";
import { PointReader, type ReadContext, type ReadPoint } from "../sweep/point-reader.js";
import type { NotVaried, TornadoParameter, TornadoPlan } from "../sweep/tornado-plan.js";
import { Derivation, type Parameter } from "./derived.js";
import { TornadoError } from "./errors.js";
import { reasonToLeaveAlone } from "./left-alone.js";
import { move, write } from "./move.js";
import { type NumericField, numericFields } from "./numbers.js";
import { isWithin, missingLevelReason, unusedReason } from "./unused.js";

export interface TornadoSettings {
  /** By which parameters are moved: above 0, below 1. */
  readonly share: number;
  /** How many: the scenario's own, and those after it. */
  readonly seeds: number;
  /** Paths of parameters, or of what encloses them; all that are not structural where left out. */
  readonly parameters?: readonly string[];
}

/** @param base a scenario, not validated yet */
export function tornadoSource(name: string, base: DocNode, baseName: string, settings: TornadoSettings): SweepSource {
  return {
    name,
    base,
    baseName,
    // A value at the edge may be none that a fabric can be built with.
    invalid: "skip",
    expand: (context) => new Expander(base, baseName, settings, context).expand(),
  };
}

class Expander {
  readonly #reader: PointReader;
  readonly #points: ExpandedPoint[] = [];
  readonly #invalid: InvalidPoint[] = [];
  readonly #notVaried: NotVaried[] = [];

  constructor(
    private readonly base: DocNode,
    baseName: string,
    private readonly settings: TornadoSettings,
    private readonly context: ReadContext,
  ) {
    this.#reader = new PointReader(base, baseName, context);
  }

  /**
   * @throws ScenarioError where the scenario is wrong, TornadoError where it has no such parameters
   */
  async expand(): Promise<Expansion> {
    const itself = await this.#reader.read([]);
    await this.#add(itself, {});
    const parameters: TornadoParameter[] = [];
    for (const parameter of this.#parametersOf(itself)) {
      const varied = await this.#vary(parameter, itself);
      if (typeof varied === "string") this.#notVaried.push({ name: parameter.name, reason: varied });
      else parameters.push(varied);
    }
    if (parameters.length === 0) {
      const reasons = this.#notVaried.map(({ name, reason }) => `\n  ${name}: ${reason}`).join("");
      throw new TornadoError(`there is no parameter to vary${reasons}`);
    }
    const tornado: TornadoPlan = { share: this.settings.share, parameters, notVaried: this.#notVaried };
    return { points: this.#points, invalid: this.#invalid, warnings: itself.warnings, tornado };
  }

  /** Those that were asked for, or all that may be varied; why others are not is noted. */
  #parametersOf({ scenario }: ReadPoint): Parameter[] {
    const document = toPlain(applyPresets(this.base as MapNode, new IssueList(undefined)));
    const derivation = new Derivation(scenario);
    const isAuto = ((document as { ecn?: unknown }).ecn ?? "auto") === "auto" && scenario.ecn !== null;
    const fields = numericFields(document).filter(({ name }) => name !== "seed");
    const known: (NumericField | Parameter)[] = [...fields, ...(isAuto ? derivation.thresholds() : [])];
    const { parameters: wanted } = this.settings;
    if (wanted !== undefined) checkNames(wanted, known);
    return known.flatMap((field) => {
      const isNamed = wanted?.some((name) => isWithin(field.name, name));
      if (isNamed === false) return [];
      const parameter = isParameter(field) ? field : derivation.parameterOf(field);
      const reason =
        reasonAgainst(field, parameter, scenario) ?? (isNamed ? undefined : aloneReason(field.name, fields));
      if (reason === undefined) return [parameter!];
      // Nothing is said of what a scenario says nothing of.
      if (field.value !== null || field.word !== null) this.#notVaried.push({ name: field.name, reason });
      return [];
    });
  }

  /**
   * The parameter with its two other values, whose points are added; or why it makes no sense to
   * vary it.
   */
  async #vary(parameter: Parameter, itself: ReadPoint): Promise<TornadoParameter | string> {
    const { name, kind, value } = parameter;
    const { share } = this.settings;
    const base = write(kind, value);
    const [down, up] = [move(kind, value, 1 - share), move(kind, value, 1 + share)];
    if (down === null || up === null) return `too small a whole number to be moved by ${percent(share)}`;
    const [low, high] = [down, up].map((moved) => ({ ...moved, axes: parameter.axes(moved.written) })) as [
      TornadoParameter["low"],
      TornadoParameter["high"],
    ];
    const reads: { axes: AxisValues; read: ReadPoint | ScenarioError }[] = [];
    for (const { axes } of [low, high]) reads.push({ axes, read: await this.#read(axes) });
    for (const { read } of reads) {
      if (read instanceof ScenarioError) continue;
      const unused = unusedReason(read.warnings, name);
      if (unused !== undefined) return unused;
      if (isSame(read, itself, this.context)) return "has no effect on this scenario";
    }
    for (const { axes, read } of reads) {
      if (read instanceof ScenarioError) this.#invalid.push({ axes, message: messageOf(read) });
      else await this.#add(read, axes);
    }
    return { name, base, low, high };
  }

  async #read(axes: AxisValues, seed?: number): Promise<ReadPoint | ScenarioError> {
    try {
      return await this.#reader.read(changesOf(axes, seed));
    } catch (cause) {
      if (cause instanceof ScenarioError) return cause;
      throw cause;
    }
  }

  /** A point for each seed; `first` is that of the scenario's own. */
  async #add(first: ReadPoint, axes: AxisValues): Promise<void> {
    const { build } = this.context;
    this.#points.push(expandedPoint(first, axes, build));
    for (let k = 1; k < this.settings.seeds; k++) {
      const read = await this.#reader.read(changesOf(axes, first.scenario.seed + k));
      this.#points.push(expandedPoint(read, axes, build));
    }
  }
}

function changesOf(axes: AxisValues, seed: number | undefined): Change[] {
  const all = Object.entries(axes).map(([name, value]) => [parseOverridePath(name)!, value] as const);
  if (seed !== undefined) all.push([["seed"], seed]);
  return all.map(([path, value]) => ({ path, value: readValue(value, { from: "value" }) }));
}

function isSame(a: ReadPoint, b: ReadPoint, { build }: ReadContext): boolean {
  return expandedPoint(a, {}, build).id === expandedPoint(b, {}, build).id;
}

function reasonAgainst(
  { name, word }: NumericField,
  parameter: Parameter | undefined,
  { topology }: Scenario,
): string | undefined {
  const missing = missingLevelReason(name, topology);
  if (missing !== undefined) return missing;
  if (parameter === undefined) return word === "auto" ? "is auto: heddle derives it" : `is ${word}`;
  return parameter.value === 0 ? "is zero, and so is any share of it" : undefined;
}

function aloneReason(name: string, fields: readonly NumericField[]): string | undefined {
  const reason = reasonToLeaveAlone(name, fields);
  return reason && `${reason}; varied if named`;
}

function messageOf({ issues }: ScenarioError): string {
  return issues.map(({ message }) => message).join("; ");
}

function checkNames(wanted: readonly string[], known: readonly NumericField[]): void {
  const names = known.map(({ name }) => name);
  for (const name of wanted) {
    if (name === "seed") throw new TornadoError("seed is no parameter; --seeds says how many there are");
    if (names.some((other) => isWithin(other, name))) continue;
    throw new TornadoError(
      `there is no number ${JSON.stringify(name)} in the scenario${didYouMean(name, names)}; there are ${names.join(", ")}`,
    );
  }
}

function isParameter(field: NumericField | Parameter): field is Parameter {
  return "axes" in field;
}
