import type { Packet } from "./packet.js";
import type { SwitchPort } from "./switch.js";

/** Where a packet comes from and goes to, and its data class. */
export interface Place {
  readonly ingress: SwitchPort;
  readonly egress: SwitchPort;
  readonly dataClass: number;
}

/**
 * The packet buffer of one switch: who is let in, and who is told to stop. Only the data class is
 * accounted.
 */
export interface Buffers {
  /** Accounts a packet, or returns false where it has to be dropped. */
  admit(packet: Packet, place: Place): boolean;
  /**
   * Sends a pause frame where a class of the ingress has become too full. Returns whether it did.
   */
  pauseIfNeeded(ingress: SwitchPort, dataClass: number): boolean;
  /**
   * Takes the packet's bytes out of the accounts; sends a resume frame where there is room again.
   */
  release(packet: Packet, place: Place): void;
  /** Accounted bytes in the switch. */
  usedBytes(): number;
}
