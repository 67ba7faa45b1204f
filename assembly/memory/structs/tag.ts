/** What a packet carries besides its three words. */
import { Instant, Same, Course } from "./roles";

/** What travels with a packet where a policy needs it; ACKs bring it back. */
@unmanaged
export class Tag {
  /**
   * Start of the data packet's transmission, modulo 2^48 ps (4.7 minutes), above what switches hash
   * where the sender sprays (16 bits). One word, because every port copies it.
   */
  stamp: Course<u64> = 0;
}

/** The tag where switch ports write into it. Room for `Run.telemetryHops` of `Hop` follows. */
@unmanaged
export class HopsTag extends Tag {
  /** Ports that have. */
  hopCount: Same<u32> = 0;
  padding0: u32 = 0;
}

/** What a switch port says of itself at the start of a data packet's transmission. */
@unmanaged
export class Hop {
  timePs: Instant<u64> = 0;
  /** Time that all it had transmitted before took. */
  busyPs: Course<f64> = 0;
  /** Serialization of what is queued behind the packet; at most all ones. */
  queuedPs: Same<u32> = 0;
  /** Global number of the port. */
  port: Same<u32> = 0;
}
