/** The start of an ACK, NACK or CNP that has waited in a queue of its NIC. */
import { Port } from "../memory/structs/port";
import { PacketRecord } from "../packet/record";
import { spendCredit } from "../port/credit";
import { serializationPs } from "../port/port";
import { transmit } from "../port/transmit";

/** Starts an answer, which is still to be taken off its queue. */
export function startAnswer(port: Port, answer: PacketRecord, startPs: u64): void {
  const wire = answer.wireBytes;
  const takesPs = serializationPs(port, wire);
  port.queuedPs -= takesPs;
  const arrives = transmit(port, startPs, takesPs, answer) != 0;
  if (arrives) spendCredit(port, answer.word1, answer.word2, wire);
}
