/** The start of an ACK, NACK or CNP that has waited in a queue of its NIC. */
import { Port } from "../memory/structs/port";
import { wireBytes } from "../packet/packet";
import { noteSentOnCredit } from "../port/credit";
import { serializationPs } from "../port/port";
import { transmit } from "../port/transmit";

/** Starts the answer at `record`, which is still to be taken off its queue. */
export function startAnswer(port: Port, record: u32, startPs: u64): void {
  const w1 = load<u32>(record, 4);
  const w23 = load<u64>(record, 8);
  const wire = wireBytes(w1, <u32>(w23 >> 32));
  const takesPs = serializationPs(port, wire);
  port.queuedPs -= takesPs;
  const arrives = transmit(port, startPs, takesPs, w1, w23, wire, record) != 0;
  if (arrives) noteSentOnCredit(port, <u32>w23, w1, wire);
}
