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

/** What a round trip takes, and a receiver waits for of unasked packets. */
export function mostUnderWay({ underWayShare, baseRttPs }: RcccControl, psPerByte: number): number {
  return Math.max(1, roundTripQuanta(underWayShare, baseRttPs, psPerByte));
}

/** The sending half of RCCC. */
export class Rccc implements CongestionControl {
  private spentBytes = 0;
  private granted: number;
  private readonly speculative: number;
  private readonly mostWanted: number;

  constructor(p: RcccControl, psPerByte: number) {
    this.speculative = roundTripQuanta(p.speculativeShare, p.baseRttPs, psPerByte);
    this.granted = this.speculative;
    const roundTrip = roundTripQuanta(Math.min(p.underWayShare, 1), p.baseRttPs, psPerByte);
    this.mostWanted = Math.max(mostUnderWay(p, psPerByte), roundTrip + p.pullQuanta);
  }

  get windowBytes(): number {
    return this.spentBytes < this.granted * QUANTUM_BYTES ? Number.POSITIVE_INFINITY : 0;
  }

  spend({ wireBytes, credit }: Packet, waitingBytes: number): void {
    this.spentBytes += wireBytes;
    credit.spentBytes = this.spentBytes;
    credit.wantedBytes = this.spentBytes + Math.min(waitingBytes, this.mostWanted * QUANTUM_BYTES);
    credit.granted = this.granted;
  }

  /** The credit that an ACK, a NACK or a pull states. */
  pulled(granted: number): void {
    this.spentBytes = Math.max(this.spentBytes, this.speculative * QUANTUM_BYTES);
    this.granted = Math.max(this.granted, granted);
  }

  sent(): number {
    return Number.POSITIVE_INFINITY;
  }

  notified(): void {}

  answered(): void {}

  lost(): void {}
}
