/** The start of an ACK, NACK or CNP that has waited in a queue of its NIC. */
import { Port } from "../memory/structs/port";
import { packetAt } from "../packet/record";
import { startQueued } from "../port/egress";

/** Starts the answer at `record`, which is still to be taken off its queue. */
export function startAnswer(port: Port, record: u32, startPs: u64): void {
  startQueued(port, packetAt(record), startPs);
}
