import type { Buffers, Place } from "./buffers.js";
import type { Packet } from "./packet.js";
import type { Pfc } from "./pfc.js";
import type { SwitchPort } from "./switch.js";
import type { TailDrop } from "./tail-drop.js";

/** A lossless switch with lossy classes, which have a buffer to themselves. */
export class Mixed implements Buffers {
  constructor(
    private readonly pfc: Pfc,
    readonly tailDrop: TailDrop,
    private readonly isLossy: (dataClass: number) => boolean,
  ) {}

  admit(packet: Packet, place: Place): boolean {
    return this.of(place.dataClass).admit(packet, place);
  }

  pauseIfNeeded(ingress: SwitchPort, dataClass: number): boolean {
    return !this.isLossy(dataClass) && this.pfc.pauseIfNeeded(ingress, dataClass);
  }

  release(packet: Packet, place: Place): void {
    this.of(place.dataClass).release(packet, place);
  }

  usedBytes(): number {
    return this.pfc.usedBytes() + this.tailDrop.usedBytes();
  }

  private of(dataClass: number): Buffers {
    return this.isLossy(dataClass) ? this.tailDrop : this.pfc;
  }
}
