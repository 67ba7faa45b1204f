/** Quanta in which receivers grant credit (RCCC). */
import { run } from "../memory/arena";
import { CREDIT_QUANTUM_SHIFT } from "../memory/structs/limits";
import { RcccParameters } from "./records";

/** Whole quanta that hold the bytes. */
@inline
export function inQuanta(bytes: u64): u64 {
  return (bytes + (1 << CREDIT_QUANTUM_SHIFT) - 1) >> CREDIT_QUANTUM_SHIFT;
}

/** What a link carries in a share of the base round trip. */
export function roundTripQuanta(share: f64, psPerByte: f64): u64 {
  const p = changetype<RcccParameters>(run.controlParameters);
  return <u64>((share * p.baseRttPs) / psPerByte / <f64>(1 << CREDIT_QUANTUM_SHIFT));
}

/** What a round trip takes, and a receiver waits for of unasked packets. */
export function mostUnderWayQuanta(psPerByte: f64): u64 {
  const p = changetype<RcccParameters>(run.controlParameters);
  return max<u64>(1, roundTripQuanta(p.underWayShare, psPerByte));
}

/**
 * Credit that a sender may ask for beyond what it has spent. It covers a round trip, and the time
 * between two of its turns at the receiver, which is at most a pull.
 */
export function mostWantedQuanta(psPerByte: f64): u64 {
  const p = changetype<RcccParameters>(run.controlParameters);
  const withTurn = roundTripQuanta(min(p.underWayShare, 1), psPerByte) + run.pullQuanta;
  return max(mostUnderWayQuanta(psPerByte), withTurn);
}
