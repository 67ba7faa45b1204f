/** What changes while a run lasts. */
import { Fixed } from "./roles";

export enum ChangeKind {
  Link = 0,
  Up = 1,
  Route = 2,
  Compute = 3,
}

/** A change, in the order of their instants. */
@unmanaged
export class Change {
  atPs: Fixed<u64> = 0;
  /** Up: when the direction goes down the next time; all ones for never. */
  downAtPs: Fixed<u64> = 0;
  /** Compute: the factor. */
  factor: Fixed<f64> = 0;
  /** A `ChangeKind`. */
  kind: Fixed<u32> = 0;
  /** Address of the `Port`, the `Switch` or the `ProgramRank` that changes. */
  target: Fixed<u32> = 0;
  /** Link: address of the `LinkState`. Route: of the group (u16) of the first address. */
  place: Fixed<u32> = 0;
  /** Route: how many addresses, and the number of their group. */
  count: Fixed<u32> = 0;
  group: Fixed<u32> = 0;
  /** Link: address of the `Device` of the port. */
  device: Fixed<u32> = 0;
}

/**
 * The part of a link class that a direction may take in the middle of a run. There is one for each
 * data class, which agree in all but the thresholds of ECN.
 */
@unmanaged
export class LinkState {
  psPerByte: Fixed<u32> = 0;
  psPerByteDen: Fixed<u32> = 0;
  /** As in `PortExtra`. */
  hazard: Fixed<u32> = 0;
  padding0: u32 = 0;
  ecnKminPs: Fixed<f64> = 0;
  ecnKmaxPs: Fixed<f64> = 0;
  ecnSlope: Fixed<f64> = 0;
}
