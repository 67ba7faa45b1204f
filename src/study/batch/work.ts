import type { PlannedPoint } from "../sweep/manifest.js";

/**
 * Packet-hops per second of one core, on the safe side of what benchmarks show: congestion control
 * and small windows cost.
 */
const HOPS_PER_SECOND = 4e6;
/** Building the fabric, estimating, the result. */
const SECONDS_PER_POINT = 0.2;

/** Time that points take one after the other. */
export function workSeconds(points: readonly PlannedPoint[]): number {
  return points.reduce((sum, { estimate }) => sum + SECONDS_PER_POINT + estimate.packetHops / HOPS_PER_SECOND, 0);
}
