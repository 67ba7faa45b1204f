/**
 * What congestion control leaves of a flow's window at most, for estimates: how it gets by with
 * less is not followed.
 */
import type { CongestionControl } from "../../plan/congestion.js";

/** Payload bytes that a flow can have under way over a link of `rateBps`. */
export function mostUnderWayBytes(control: CongestionControl | null, rateBps: number, mtuBytes: number): number {
  switch (control?.kind) {
    case "swift":
      return control.mostWindow * mtuBytes;
    case "nscc":
      return control.mostWindowBytes;
    case "hpcc":
      return (control.baseRttPs * rateBps) / 8e12;
    case "rccc":
      return (Math.max(control.speculativeShare, control.underWayShare) * control.baseRttPs * rateBps) / 8e12;
    default:
      return Number.POSITIVE_INFINITY;
  }
}
