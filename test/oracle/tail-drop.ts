import type { FlowControl } from "../../src/plan/plan.js";
import type { Buffers } from "./buffers.js";
import { check } from "./check.js";
import type { Packet } from "./packet.js";
import type { SwitchPort } from "./switch.js";

/** A lossy switch: an egress queue may hold a share of what is free. */
export class TailDrop implements Buffers {
  private inSwitchBytes = 0;
  private readonly egressBytes = new Map<SwitchPort, number>();

  constructor(
    private readonly bufferBytes: number,
    private readonly flowControl: FlowControl,
  ) {}

  admit(packet: Packet, _ingress: SwitchPort, egress: SwitchPort): boolean {
    if (!this.fits(packet, egress)) return false;
    this.inSwitchBytes += packet.accountedBytes;
    this.egressBytes.set(egress, (this.egressBytes.get(egress) ?? 0) + packet.accountedBytes);
    return true;
  }

  /** Whether there would be room for a packet once `goneBytes` of its egress queue were gone. */
  fits(packet: Packet, egress: SwitchPort, goneBytes = 0): boolean {
    const size = packet.accountedBytes;
    const inSwitch = this.inSwitchBytes - goneBytes;
    const queued = (this.egressBytes.get(egress) ?? 0) - goneBytes;
    const { dropAlphaNum, dropAlphaDen } = this.flowControl;
    const limit = Math.floor(((this.bufferBytes - inSwitch) * dropAlphaNum) / dropAlphaDen);
    return inSwitch + size <= this.bufferBytes && queued + size <= limit;
  }

  pauseIfNeeded(): void {}

  release(packet: Packet, _ingress: SwitchPort, egress: SwitchPort): void {
    const queued = this.egressBytes.get(egress)! - packet.accountedBytes;
    check(queued >= 0, "an egress queue does not hold less than nothing");
    this.egressBytes.set(egress, queued);
    this.inSwitchBytes -= packet.accountedBytes;
  }

  usedBytes(): number {
    return this.inSwitchBytes;
  }
}
