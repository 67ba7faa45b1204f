/**
 * What congestion control leaves of a flow's window at most, for estimates: how it gets by with
 * less is not followed.
 */
import { type CongestionControl, CREDIT_QUANTUM_BYTES, type RcccControl } from "../../plan/congestion.js";

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
      return mostCreditBytes(control, rateBps);
    default:
      return Number.POSITIVE_INFINITY;
  }
}

/** Unasked, or asked for: MODEL.md, rccc. */
function mostCreditBytes(control: RcccControl, rateBps: number): number {
  const { baseRttPs, speculativeShare, underWayShare, pullQuanta } = control;
  const carried = (roundTrips: number) => (roundTrips * baseRttPs * rateBps) / 8e12;
  const withTurn = carried(Math.min(1, underWayShare)) + pullQuanta * CREDIT_QUANTUM_BYTES;
  return Math.max(carried(speculativeShare), carried(underWayShare), withTurn);
}
