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
    const size = packet.accountedBytes;
    const queued = this.egressBytes.get(egress) ?? 0;
    const { dropAlphaNum, dropAlphaDen } = this.flowControl;
    const limit = Math.floor(((this.bufferBytes - this.inSwitchBytes) * dropAlphaNum) / dropAlphaDen);
    if (this.inSwitchBytes + size > this.bufferBytes || queued + size > limit) return false;
    this.inSwitchBytes += size;
    this.egressBytes.set(egress, queued + size);
    return true;
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
