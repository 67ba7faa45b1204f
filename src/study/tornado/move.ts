/** Values that are moved by a share of themselves. */

import { formatQuantity } from "../../scenario/types/units.js";
import type { Written } from "../sweep/tornado-plan.js";
import type { NumberKind } from "./numbers.js";

export interface MovedValue {
  readonly written: Written;
  /** To the value it was moved from: what rounding has left of the share. */
  readonly ratio: number;
}

/** Rates of many whole megabits stay so: a time per byte must be a fraction of small numbers. */
const RATE_STEP_BPS = 1e6;
const MANY_STEPS = 100;
const RATIO_DECIMALS = 4;
const DIGITS = 12;

/**
 * The value times a factor, rounded to what a scenario can state: base units of a quantity, whole
 * numbers. Halves are rounded away from the value, so that both sides move alike. Null where
 * rounding takes it back.
 */
export function move(kind: NumberKind, value: number, factor: number): MovedValue | null {
  const moved = rounded(kind, value, factor);
  return moved === value ? null : { written: write(kind, moved), ratio: moved / value };
}

export function write(kind: NumberKind, value: number): Written {
  return kind === "whole" || kind === "real" || kind === "ratio" ? value : formatQuantity(kind, value);
}

function rounded(kind: NumberKind, value: number, factor: number): number {
  const exact = Number((value * factor).toPrecision(DIGITS));
  if (kind === "real") return exact;
  if (kind === "ratio") return Number(exact.toFixed(RATIO_DECIMALS));
  const isCoarse = kind === "rate" && value % RATE_STEP_BPS === 0 && value >= MANY_STEPS * RATE_STEP_BPS;
  const step = isCoarse ? RATE_STEP_BPS : 1;
  const steps = exact / step;
  return step * (factor < 1 ? Math.ceil(steps - 0.5) : Math.floor(steps + 0.5));
}
