/** Packets that find no room in the queue of a lossy switch. */
import { own, run } from "../memory/arena";
import { Port } from "../memory/structs/port";
import { MARK, TRIMMED } from "../packet/packet";
import { PacketRecord } from "../packet/record";
import { extraOf } from "../port/port";

/** Which of the packets this one is that did not fit during the transmission in progress. */
export function contend(port: Port, lane: Port, now: u64): u32 {
  const extra = extraOf(lane);
  const goesOn = port.busyUntilPs >= <i64>now && extra.contestEndPs == <u64>port.busyUntilPs;
  extra.contestEndPs = port.busyUntilPs;
  extra.contenders = goesOn ? extra.contenders + 1 : 1;
  return extra.contenders;
}

/** Whether the packet is cut to its header where it does not fit. */
@inline
export function isCut(packet: PacketRecord): bool {
  return run.trim != 0 && packet.isData;
}

/** Cuts a packet to its header. */
@inline
export function cut(packet: PacketRecord): void {
  own.trimmed++;
  packet.word1 = (packet.word1 & ~MARK) | TRIMMED;
}
