/** What a tornado varies: kept in the manifest of its sweep. */
import type { AxisValues } from "./point.js";

export interface TornadoPlan {
  /** By which each parameter is moved down and up: 0.1 for 10 %. */
  readonly share: number;
  readonly parameters: readonly TornadoParameter[];
  readonly notVaried: readonly NotVaried[];
}

export interface TornadoParameter {
  /** Path of the value. */
  readonly name: string;
  readonly base: Written;
  readonly low: TornadoSide;
  readonly high: TornadoSide;
}

/** A parameter at one of its two other values: the points of these axes, one for each seed. */
export interface TornadoSide {
  readonly written: Written;
  /** To the base. */
  readonly ratio: number;
  readonly axes: AxisValues;
}

export interface NotVaried {
  readonly name: string;
  readonly reason: string;
}

/** A value as a scenario states it. */
export type Written = string | number;
