import type { DataClass, PortBuffers } from "../../src/plan/plan.js";
import type { Buffers, Place } from "./buffers.js";
import { check } from "./check.js";
import type { Packet } from "./packet.js";
import type { SwitchPort } from "./switch.js";

const DYNAMIC = 0xffffffff;

/** What one data class of an ingress port holds of the buffer. */
interface Ingress {
  /** Outside headroom. */
  bytes: number;
  headroomBytes: number;
  pausing: boolean;
}

/**
 * A lossless switch: ingress accounting with reserve, shared pool and headroom; XOFF and XON per
 * ingress port and data class.
 */
export class Pfc implements Buffers {
  /** By port, then data class. */
  private readonly ingresses = new Map<number, readonly Ingress[]>();
  private readonly sharedPoolBytes: number;

  constructor(
    private readonly bufferBytes: number,
    /** Global numbers of the switch's ports. */
    private readonly portNumbers: readonly number[],
    private readonly common: PortBuffers,
    private readonly dataClasses: readonly DataClass[],
    /** Data classes that it pauses. */
    private readonly classes: readonly number[],
  ) {
    let sharedPool = bufferBytes;
    for (const port of portNumbers) {
      this.ingresses.set(
        port,
        dataClasses.map(() => ({ bytes: 0, headroomBytes: 0, pausing: false })),
      );
      for (const dataClass of classes) {
        const { headroomBytes, reserveBytes } = this.rules(dataClass);
        sharedPool -= headroomBytes[port]! + reserveBytes[port]!;
      }
    }
    this.sharedPoolBytes = sharedPool;
  }

  private rules(dataClass: number): PortBuffers {
    return this.dataClasses[dataClass]!.rules?.ports ?? this.common;
  }

  admit(packet: Packet, { ingress, dataClass }: Place): boolean {
    const port = ingress.number;
    const state = this.ingresses.get(port)![dataClass]!;
    const size = packet.accountedBytes;
    const reserve = this.rules(dataClass).reserveBytes[port]!;
    const headroom = this.rules(dataClass).headroomBytes[port]!;
    const after = state.bytes + size;
    if (after <= reserve || after - reserve <= this.threshold(port, dataClass)) state.bytes = after;
    else if (state.headroomBytes + size <= headroom) state.headroomBytes += size;
    else return false;
    check(!this.isDynamic() || this.usedBytes() <= this.bufferBytes, "the buffer is not overfilled");
    return true;
  }

  pauseIfNeeded(ingress: SwitchPort, dataClass: number): boolean {
    const state = this.ingresses.get(ingress.number)![dataClass]!;
    const usedBytes = this.used(ingress.number, dataClass);
    const full = state.headroomBytes > 0 || usedBytes >= this.threshold(ingress.number, dataClass);
    if (state.pausing || !full) return false;
    state.pausing = true;
    ingress.sendFrame("pause", dataClass);
    return true;
  }

  release(packet: Packet, { ingress, dataClass }: Place): void {
    const port = ingress.number;
    const state = this.ingresses.get(port)![dataClass]!;
    const fromHeadroom = Math.min(state.headroomBytes, packet.accountedBytes);
    state.headroomBytes -= fromHeadroom;
    state.bytes -= packet.accountedBytes - fromHeadroom;
    check(state.bytes >= 0, "an ingress does not hold less than nothing");
    if (!state.pausing || state.headroomBytes > 0) return;
    const used = this.used(port, dataClass);
    if (used === 0 || used + this.rules(dataClass).resumeOffsetBytes[port]! <= this.threshold(port, dataClass)) {
      state.pausing = false;
      ingress.sendFrame("resume", dataClass);
    }
  }

  usedBytes(): number {
    return this.sum((port, dataClass) => {
      const { bytes, headroomBytes } = this.ingresses.get(port)![dataClass]!;
      return bytes + headroomBytes;
    });
  }

  /** Bytes of a class of an ingress above its reserve, without headroom. */
  private used(port: number, dataClass: number): number {
    return Math.max(0, this.ingresses.get(port)![dataClass]!.bytes - this.rules(dataClass).reserveBytes[port]!);
  }

  private threshold(port: number, dataClass: number): number {
    const xoff = this.rules(dataClass).xoffBytes[port]!;
    if (xoff !== DYNAMIC) return xoff;
    const free = this.sharedPoolBytes - this.sum((other, otherClass) => this.used(other, otherClass));
    return Math.max(0, Math.floor(free / 2 ** this.rules(dataClass).alphaShift[port]!));
  }

  /** Only dynamic thresholds know of the size of the buffer. */
  private isDynamic(): boolean {
    const isDynamic = (port: number) => this.classes.every((each) => this.rules(each).xoffBytes[port] === DYNAMIC);
    return this.sharedPoolBytes >= 0 && this.portNumbers.every(isDynamic);
  }

  private sum(bytesOf: (port: number, dataClass: number) => number): number {
    return this.portNumbers.reduce(
      (total, port) => this.classes.reduce((sum, dataClass) => sum + bytesOf(port, dataClass), total),
      0,
    );
  }
}
