import type { Packet } from "./packet.js";
import type { SwitchPort } from "./switch.js";

/** The packet buffer of one switch: who is let in, and who is told to stop. Only the data class is accounted. */
export interface Buffers {
  /** Accounts a packet, or returns false where it has to be dropped. */
  admit(packet: Packet, ingress: SwitchPort, egress: SwitchPort): boolean;
  /** Sends a pause frame where the ingress has become too full. */
  pauseIfNeeded(ingress: SwitchPort): void;
  /** Takes the packet's bytes out of the accounts; sends a resume frame where there is room again. */
  release(packet: Packet, ingress: SwitchPort, egress: SwitchPort): void;
  /** Accounted bytes in the switch. */
  usedBytes(): number;
}
