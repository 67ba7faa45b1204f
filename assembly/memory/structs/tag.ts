/** What a packet carries besides its three words. */
import { Instant, Same, Course } from "./roles";

/**
 * What travels with a packet where a policy needs it; ACKs bring it back. Room for
 * `Run.telemetryHops` of `Hop` follows.
 */
@unmanaged
export class Tag {
  /** Start of the data packet's first transmission. */
  sentPs: Instant<u64> = 0;
  /** What switches hash where the sender sprays. */
  entropy: Same<u32> = 0;
  /** Switch ports that have written into it. */
  hopCount: Same<u32> = 0;
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
