/**
 * Go-back-N (RoCE): the receiver takes packets in order only; the sender resumes at the first that
 * is missing.
 */
import { Sender } from "../memory/structs/queue-pair";

/** Makes the first unacknowledged packet the next one. */
export function backToUnacknowledged(sender: Sender): void {
  sender.next = sender.acked;
  sender.leftInChunk = sender.packetsPerChunk - (sender.acked % sender.packetsPerChunk);
}
