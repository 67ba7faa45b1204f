/** The start of a packet on a free port: what every kind of device does then. */
import { Port } from "../memory/structs/port";
import { PacketRecord } from "../packet/record";
import { noteSentOnCredit, onCredit } from "./credit";
import { serializationPs } from "./port";
import { transmit } from "./transmit";

/** Starts a packet that is first in its queue. The caller takes it off the queue afterwards. */
@inline
export function startQueued(port: Port, packet: PacketRecord, startPs: u64): void {
  const takesPs = serializationPs(port, packet.wireBytes);
  port.queuedPs -= takesPs;
  startPacket(port, startPs, takesPs, packet);
}

/** Starts a packet that takes `takesPs`, and spends credit on it where the link wants some. */
export function startPacket(port: Port, startPs: u64, takesPs: u64, packet: PacketRecord): void {
  const arrives = transmit(port, startPs, takesPs, packet) != 0;
  if (onCredit && arrives) noteSentOnCredit(port, packet.flow, packet.accountedBytes);
}
