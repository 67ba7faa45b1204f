/**
 * A packet where it lies in memory: 16 bytes of the pool, the same in an inbox and in a queue.
 * Reading a field is one load. Its tag, if it has one, lies beside the pool (tags.ts).
 */
import { FULL } from "../memory/features";
import { accountedBytes, DATA, FLOW_MASK, isControl, NUMBER_MASK, sizeBits, TYPE_MASK, wireBytes } from "./packet";


@unmanaged
export class PacketRecord {
  /** In an inbox the key (engine/key.ts); in a queue the place (port/queue.ts). */
  key: u32 = 0;
  /** The three words of the packet; see packet.ts. */
  word1: u32 = 0;
  word2: u32 = 0;
  word3: u32 = 0;

  /** Words 2 and 3, as one load. */
  @inline
  get words23(): u64 {
    return load<u64>(changetype<u32>(this), offsetof<PacketRecord>("word2"));
  }

  /** The QP. */
  @inline
  get flow(): u32 {
    return FULL ? this.word2 & FLOW_MASK : this.word2;
  }

  /** The 24 bits of the packet number. */
  @inline
  get number(): u32 {
    return this.word3 & NUMBER_MASK;
  }


  @inline
  get type(): u32 {
    return this.word1 & TYPE_MASK;
  }


  @inline
  get isData(): bool {
    return this.type == DATA;
  }

  /** Whether it travels in the control class. */
  @inline
  get isControl(): bool {
    return isControl(this.word1);
  }

  /** The 17 size bits. */
  @inline
  get size(): u32 {
    return sizeBits(this.word1, this.word3);
  }


  @inline
  get wireBytes(): u32 {
    return wireBytes(this.word1, this.word3);
  }

  /** Bytes that it counts in a buffer of its data class; 0 in the control class. */
  @inline
  get accountedBytes(): u32 {
    return accountedBytes(this.word1, this.wireBytes);
  }

  /** Writes all four words, as two stores. */
  @inline
  write(key: u32, word1: u32, words23: u64): void {
    const record = changetype<u32>(this);
    store<u64>(record, (<u64>key) | ((<u64>word1) << 32));
    store<u64>(record, words23, offsetof<PacketRecord>("word2"));
  }
}

/** The record at an address. */
@inline
export function packetAt(record: u32): PacketRecord {
  return changetype<PacketRecord>(record);
}
