/**
 * Values that stand behind `auto`, or behind nothing: what heddle derives from the rest of a
 * scenario.
 */

import { LINK_LEVEL_NAMES } from "../../plan/levels.js";
import type { RunPlan } from "../../plan/plan.js";
import { resolvePlan } from "../../resolve/resolve.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { formatQuantity } from "../../scenario/types/units.js";
import type { AxisValues } from "../sweep/point.js";
import type { Written } from "../sweep/tornado-plan.js";
import type { NumericField } from "./numbers.js";
import { portRateBeside } from "./port-rate.js";

/** A number that may be varied. */
export interface Parameter extends NumericField {
  readonly value: number;
  /** What a scenario states where it is this value. */
  axes(written: Written): AxisValues;
}

/** The number of a field; undefined where there is none. */
export class Derivation {
  #plan: RunPlan | undefined;

  constructor(private readonly scenario: Scenario) {}

  parameterOf(field: NumericField): Parameter | undefined {
    const value = field.value ?? this.#valueOf(field);
    if (value === undefined) return undefined;
    const beside = portRateBeside(this.scenario, field.name, value);
    const others = beside === undefined ? {} : Object.fromEntries([beside]);
    return { ...field, value, axes: (written) => ({ [field.name]: written, ...others }) };
  }

  /** Thresholds of `ecn: auto`: they are stated together. */
  thresholds(): Parameter[] {
    const { ecn, fabric } = this.#resolved();
    const { topology } = this.scenario;
    const level = topology.kind === "custom" ? "access" : "fabric";
    const linkClass = fabric.linkClasses.findIndex((candidate) => candidate.level === level);
    if (ecn === null || linkClass < 0) return [];
    const bytesPerPs = fabric.linkClasses[linkClass]!.rateBps / 8e12;
    const kmin = Math.round(ecn.kminPs[linkClass]! * bytesPerPs);
    const kmax = Math.round(ecn.kmaxPs[linkClass]! * bytesPerPs);
    const slope = ecn.slope[linkClass]! / bytesPerPs;
    const pmax = Number((slope * (kmax - kmin)).toPrecision(6));
    const rateBps = fabric.linkClasses[linkClass]!.rateBps;
    const isUniform = fabric.linkClasses.every((other) => other.level === "scaleUp" || other.rateBps === rateBps);
    const all = {
      kmin: formatQuantity("size", kmin),
      kmax: formatQuantity("size", kmax),
      pmax,
      // Bytes of one rate; at other ports they stand for the same time.
      ...(!isUniform && { rate: formatQuantity("rate", rateBps) }),
    };
    const parameter = (key: "kmin" | "kmax" | "pmax", kind: "size" | "real", value: number): Parameter => ({
      path: ["ecn", key],
      name: `ecn.${key}`,
      kind,
      value,
      word: "auto",
      axes: (written) => ({ ecn: { ...all, [key]: written } }),
    });
    return [parameter("kmin", "size", kmin), parameter("kmax", "size", kmax), parameter("pmax", "real", pmax)];
  }

  #resolved(): RunPlan {
    this.#plan ??= resolvePlan(this.scenario).plan;
    return this.#plan;
  }

  #valueOf({ name, word }: NumericField): number | undefined {
    const { topology, links } = this.scenario;
    const level = LINK_LEVEL_NAMES.find((each) => name === `links.${each}.fecLatency`);
    if (level !== undefined) return topology.kind === "custom" ? undefined : links[level]?.fecPs;
    const [, key] = /^transport\.congestionControl\.(\w+)$/.exec(name) ?? [];
    return key === undefined || word !== "auto" ? undefined : this.#controlValue(key);
  }

  #controlValue(key: string): number | undefined {
    const control = this.#resolved().transport.congestionControl;
    const rate = (bytesPerPs: number) => Math.round(bytesPerPs * 8e12);
    if (control?.kind === "dcqcn") {
      if (key === "additiveIncrease") return rate(control.additiveRate);
      return key === "hyperIncrease" ? rate(control.hyperRate) : undefined;
    }
    if (control?.kind === "swift") {
      if (key === "target") return Math.round(control.baseTargetPs);
      return key === "flowRange" ? Math.round(control.flowRangePs) : undefined;
    }
    if (control === null || control === undefined) return undefined;
    if (key === "baseRtt") return Math.round(control.baseRttPs);
    return key === "target" && control.kind === "nscc" ? Math.round(control.targetPs) : undefined;
  }
}
