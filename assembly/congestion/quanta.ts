/** Quanta in which receivers grant credit (RCCC). */
import { run } from "../memory/arena";
import { RcccParameters } from "../memory/structs";

/** Credit is counted in quanta of 256 bytes on the wire. */
export const QUANTUM_SHIFT: u32 = 8;

/** Whole quanta that hold so many bytes. */
@inline
export function inQuanta(bytes: u64): u64 {
  return (bytes + (1 << QUANTUM_SHIFT) - 1) >> QUANTUM_SHIFT;
}

/** What a link carries in a share of the base round trip. */
export function roundTripQuanta(share: f64, psPerByte: f64): u64 {
  const p = changetype<RcccParameters>(run.controlParameters);
  return <u64>((share * p.baseRttPs) / psPerByte / <f64>(1 << QUANTUM_SHIFT));
}

/** Credit that a sender may ask for beyond what it has spent, and that a receiver waits for. */
export function mostUnderWayQuanta(psPerByte: f64): u64 {
  const p = changetype<RcccParameters>(run.controlParameters);
  return max<u64>(1, roundTripQuanta(p.underWayShare, psPerByte));
}
