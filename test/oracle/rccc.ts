import type { RcccControl } from "../../src/plan/congestion.js";
import type { CongestionControl } from "./congestion.js";
import type { Packet } from "./packet.js";

export const QUANTUM_BYTES = 256;

export function inQuanta(bytes: number): number {
  return Math.ceil(bytes / QUANTUM_BYTES);
}

/** What a link carries in a share of the base round trip. */
export function roundTripQuanta(share: number, baseRttPs: number, psPerByte: number): number {
  return Math.floor((share * baseRttPs) / psPerByte / QUANTUM_BYTES);
}

/** The sending half of RCCC. */
export class Rccc implements CongestionControl {
  private spentBytes = 0;
  private granted: number;

  constructor(p: RcccControl, psPerByte: number) {
    this.granted = roundTripQuanta(p.speculativeShare, p.baseRttPs, psPerByte);
  }

  get windowBytes(): number {
    return this.spentBytes < this.granted * QUANTUM_BYTES ? Number.POSITIVE_INFINITY : 0;
  }

  spend({ wireBytes, credit }: Packet, waitingBytes: number): void {
    this.spentBytes += wireBytes;
    credit.spentBytes = this.spentBytes;
    credit.wantedBytes = this.spentBytes + waitingBytes;
    credit.granted = this.granted;
  }

  pulled(granted: number): void {
    this.granted = Math.max(this.granted, granted);
  }

  sent(): number {
    return Number.POSITIVE_INFINITY;
  }

  notified(): void {}

  answered(): void {}

  lost(): void {}
}
