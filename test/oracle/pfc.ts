import type { PortBuffers } from "../../src/plan/plan.js";
import type { Buffers } from "./buffers.js";
import { check } from "./check.js";
import type { Packet } from "./packet.js";
import type { SwitchPort } from "./switch.js";

const DYNAMIC = 0xffffffff;

/** What one ingress port holds of the buffer. */
interface Ingress {
  /** Outside headroom. */
  bytes: number;
  headroomBytes: number;
  pausing: boolean;
}

/** A lossless switch: ingress accounting with reserve, shared pool and headroom; XOFF and XON per ingress port. */
export class Pfc implements Buffers {
  private readonly ingresses = new Map<number, Ingress>();
  private readonly sharedPoolBytes: number;

  constructor(
    private readonly bufferBytes: number,
    /** Global numbers of the switch's ports. */
    private readonly portNumbers: readonly number[],
    private readonly rules: PortBuffers,
  ) {
    let sharedPool = bufferBytes;
    for (const port of portNumbers) {
      this.ingresses.set(port, { bytes: 0, headroomBytes: 0, pausing: false });
      sharedPool -= rules.headroomBytes[port]! + rules.reserveBytes[port]!;
    }
    this.sharedPoolBytes = sharedPool;
  }

  admit(packet: Packet, ingress: SwitchPort): boolean {
    const port = ingress.number;
    const state = this.ingresses.get(port)!;
    const size = packet.accountedBytes;
    const reserve = this.rules.reserveBytes[port]!;
    const headroom = this.rules.headroomBytes[port]!;
    const after = state.bytes + size;
    if (after <= reserve || after - reserve <= this.threshold(port)) state.bytes = after;
    else if (state.headroomBytes + size <= headroom) state.headroomBytes += size;
    else return false;
    check(!this.isDynamic() || this.usedBytes() <= this.bufferBytes, "the buffer is not overfilled");
    return true;
  }

  pauseIfNeeded(ingress: SwitchPort): void {
    const state = this.ingresses.get(ingress.number)!;
    const full = state.headroomBytes > 0 || this.used(ingress.number) >= this.threshold(ingress.number);
    if (state.pausing || !full) return;
    state.pausing = true;
    ingress.sendFrame("pause");
  }

  release(packet: Packet, ingress: SwitchPort): void {
    const port = ingress.number;
    const state = this.ingresses.get(port)!;
    const fromHeadroom = Math.min(state.headroomBytes, packet.accountedBytes);
    state.headroomBytes -= fromHeadroom;
    state.bytes -= packet.accountedBytes - fromHeadroom;
    check(state.bytes >= 0, "an ingress does not hold less than nothing");
    if (!state.pausing || state.headroomBytes > 0) return;
    const used = this.used(port);
    if (used === 0 || used + this.rules.resumeOffsetBytes[port]! <= this.threshold(port)) {
      state.pausing = false;
      ingress.sendFrame("resume");
    }
  }

  usedBytes(): number {
    return this.sum((port) => this.ingresses.get(port)!.bytes + this.ingresses.get(port)!.headroomBytes);
  }

  /** Bytes of an ingress above its reserve, without headroom. */
  private used(port: number): number {
    return Math.max(0, this.ingresses.get(port)!.bytes - this.rules.reserveBytes[port]!);
  }

  private threshold(port: number): number {
    const xoff = this.rules.xoffBytes[port]!;
    if (xoff !== DYNAMIC) return xoff;
    const free = this.sharedPoolBytes - this.sum((other) => this.used(other));
    return Math.max(0, Math.floor(free / 2 ** this.rules.alphaShift[port]!));
  }

  /** Only dynamic thresholds know of the size of the buffer. */
  private isDynamic(): boolean {
    return this.sharedPoolBytes >= 0 && this.portNumbers.every((port) => this.rules.xoffBytes[port] === DYNAMIC);
  }

  private sum(bytesOf: (port: number) => number): number {
    return this.portNumbers.reduce((total, port) => total + bytesOf(port), 0);
  }
}
