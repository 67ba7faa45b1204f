import type { DataClass, FlowControl } from "../../src/plan/plan.js";
import type { Buffers, Place } from "./buffers.js";
import { check } from "./check.js";
import type { Packet } from "./packet.js";

/** A lossy switch: an egress queue may hold a share of what is free. */
export class TailDrop implements Buffers {
  private inSwitchBytes = 0;
  /** By egress and data class. */
  private readonly queueBytes = new Map<string, number>();

  constructor(
    private readonly bufferBytes: number,
    private readonly flowControl: FlowControl,
    private readonly dataClasses: readonly DataClass[],
  ) {}

  admit(packet: Packet, place: Place): boolean {
    if (!this.fits(packet, place)) return false;
    this.inSwitchBytes += packet.accountedBytes;
    this.queueBytes.set(keyOf(place), (this.queueBytes.get(keyOf(place)) ?? 0) + packet.accountedBytes);
    return true;
  }

  /** Whether there would be room for a packet once `goneBytes` of its egress queue were gone. */
  fits(packet: Packet, queue: Omit<Place, "ingress">, goneBytes = 0): boolean {
    const size = packet.accountedBytes;
    const inSwitch = this.inSwitchBytes - goneBytes;
    const queued = (this.queueBytes.get(keyOf(queue)) ?? 0) - goneBytes;
    const { rules } = this.dataClasses[queue.dataClass]!;
    const { dropAlphaNum, dropAlphaDen, ports } = rules ?? this.flowControl;
    const limit = Math.floor(((this.bufferBytes - inSwitch) * dropAlphaNum) / dropAlphaDen);
    const own = ports.queueLimitBytes[queue.egress.number]!;
    return inSwitch + size <= this.bufferBytes && queued + size <= limit && queued + size <= own;
  }

  pauseIfNeeded(): boolean {
    return false;
  }

  release(packet: Packet, place: Place): void {
    const queued = this.queueBytes.get(keyOf(place))! - packet.accountedBytes;
    check(queued >= 0, "an egress queue does not hold less than nothing");
    this.queueBytes.set(keyOf(place), queued);
    this.inSwitchBytes -= packet.accountedBytes;
  }

  usedBytes(): number {
    return this.inSwitchBytes;
  }
}

function keyOf({ egress, dataClass }: Omit<Place, "ingress">): string {
  return `${egress.number} ${dataClass}`;
}
